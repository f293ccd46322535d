using System.CommandLine;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Server.Cli;

/// <summary>The options that make up a question.</summary>
internal sealed class QuestionOptions
{
    private readonly Option<string> _tool = Text("--tool", "the tool", "NAME");
    private readonly Option<string> _model = Text("--model", "the model", "NAME");
    private readonly Option<string> _host = Text("--host", "the host, with an optional port", "HOST");
    private readonly Option<string> _policyHash = Text("--policy-hash", "the policy that is believed to be active", "HASH");
    private readonly Option<string> _run = Text("--run", "the run", "ID");
    private readonly Option<string> _argumentsHash = Text("--args-hash", "the hash of the action's arguments", "HASH");

    /// <summary>Gets the option for the model's provider.</summary>
    public Option<string> Provider { get; } = Text("--provider", "the model's provider", "NAME");

    /// <summary>Gets the option for the audience.</summary>
    public Option<string> Audience { get; } = Text("--audience", "the audience that asks", "AUD");

    /// <summary>Gets the option for what the caller states.</summary>
    public Option<string[]> Context { get; } = new("--context")
    {
        Description = "what the caller states, such as Caller:ticket=OPS-1; may be repeated",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Gets the option for approvals.</summary>
    public Option<string[]> Approvals { get; } = new("--approval")
    {
        Description = "a signed human-approval receipt, which is looked at and not used up; may be repeated",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Makes an option that takes a text; absent is none.</summary>
    public static Option<string> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _tool, _model, _host, Provider, _policyHash, Audience, _run, _argumentsHash, Context, Approvals })
        {
            command.Add(option);
        }
    }

    /// <summary>Reads the question.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="token">The token's text; empty for none.</param>
    /// <exception cref="InputException">It is no question.</exception>
    public AuthorizeRequest Read(ParseResult parsed, string token)
    {
        var request = new AuthorizeRequest
        {
            Cst = token,
            Tool = parsed.GetValue(_tool) ?? "",
            Model = parsed.GetValue(_model) ?? "",
            Host = parsed.GetValue(_host) ?? "",
            Provider = parsed.GetValue(Provider) ?? "",
            PolicyHash = parsed.GetValue(_policyHash) ?? "",
            Audience = parsed.GetValue(Audience) ?? "",
            RunId = parsed.GetValue(_run) ?? "",
            ArgsHashB64U = parsed.GetValue(_argumentsHash) ?? "",
        };
        request.Context.Add(ReadContext(parsed));
        request.Approvals.AddRange((parsed.GetValue(Approvals) ?? []).Select(static file => ByteString.CopyFrom(Input.Read(file, RequestLimits.ApprovalMax))));
        return AuthorizeRequestCheck.Check(request) is { } fault ? throw new InputException(fault.ToString()) : request;
    }

    /// <summary>Reads what the caller states.</summary>
    /// <exception cref="InputException">An entry is not KEY=VALUE, or a key stands twice.</exception>
    public Dictionary<string, string> ReadContext(ParseResult parsed)
    {
        var context = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in parsed.GetValue(Context) ?? [])
        {
            var (key, value) = entry.Split('=', 2) is [var name, var text] ? (name, text) : throw new InputException($"--context: `{entry}` is not KEY=VALUE");
            if (!context.TryAdd(key, value))
            {
                throw new InputException($"--context: the key `{key}` stands twice");
            }
        }

        return context;
    }
}
