using System.Collections.Immutable;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Client;

/// <summary>
/// One thing that an agent is about to do: a tool, a model or a host, or several of them, each of which must be allowed. The members mean what
/// those of <c>clawpdp.v1.AuthorizeRequest</c> mean, and have its limits. Of the arguments only the digest is kept and sent.
/// </summary>
public sealed record AgentAction
{
    /// <summary>Gets the tool, such as <c>github/create_issue</c>; empty: none.</summary>
    public string Tool { get; init; } = "";

    /// <summary>Gets the model, such as <c>gpt-4o</c>; empty: none.</summary>
    public string Model { get; init; } = "";

    /// <summary>Gets the host, with an optional port, such as <c>api.github.com</c>; empty: none.</summary>
    public string Host { get; init; } = "";

    /// <summary>Gets the provider of the model; empty: not stated.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Gets the digest of the arguments, as <see cref="Digest"/> makes it; empty: not stated.</summary>
    public string ArgumentsHash { get; init; } = "";

    /// <summary>Gets the policy that the caller believes is active; empty: not stated.</summary>
    public string PolicyHash { get; init; } = "";

    /// <summary>Gets the run; empty: the client's own.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Gets the hash of the run's event that asks; empty: none.</summary>
    public string EventHash { get; init; } = "";

    /// <summary>Gets the audience; empty: none is named.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Gets the caller's own id for the question; empty: none.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>Gets what the caller states for the conditions of policies; it is no evidence.</summary>
    public ImmutableDictionary<string, string> Context { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets signed approvals by humans, each the JSON of an envelope.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Approvals { get; init; } = [];

    /// <summary>Gets the kind of effect outside; where it is stated, the receipt is one of a side effect.</summary>
    public EffectClass Effect { get; init; }

    /// <summary>Gets what is changed or reached by a side effect, such as a URL or a path; empty: the host.</summary>
    public string Target { get; init; } = "";

    /// <summary>Makes the action of calling a tool.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="argumentsJson">The arguments in JSON.</param>
    /// <exception cref="FormatException">The arguments are not strict JSON.</exception>
    public static AgentAction CallTool(string tool, string argumentsJson = "{}") => new() { Tool = tool, ArgumentsHash = Digest.OfJson(argumentsJson) };

    /// <summary>Makes the action of calling a model.</summary>
    /// <param name="provider">The model's provider.</param>
    /// <param name="model">The model.</param>
    public static AgentAction CallModel(string provider, string model) => new() { Provider = provider, Model = model };

    /// <summary>Makes the action of reaching a host.</summary>
    public static AgentAction Reach(string host) => new() { Host = host, Effect = EffectClass.NetworkEgress };

    /// <summary>Gives the host of a URL as a question names it: with its port where that is not the scheme's own.</summary>
    /// <param name="url">An absolute URL with a host.</param>
    public static string HostOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var host = url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
        return url.IsDefaultPort ? host : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}:{url.Port}");
    }

    /// <summary>Gives the question.</summary>
    internal AuthorizeRequest ToQuestion(string token, string runId)
    {
        var question = new AuthorizeRequest
        {
            Cst = token,
            Tool = Tool,
            Model = Model,
            Host = Host,
            Provider = Provider,
            PolicyHash = PolicyHash,
            RunId = RunId.Length > 0 ? RunId : runId,
            EventHashB64U = EventHash,
            ArgsHashB64U = ArgumentsHash,
            Audience = Audience,
            RequestId = RequestId,
        };
        foreach (var (key, value) in Context.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            question.Context.Add(key, value);
        }

        question.Approvals.AddRange(Approvals.Select(static approval => ByteString.CopyFrom(approval.Span)));
        return question;
    }
}
