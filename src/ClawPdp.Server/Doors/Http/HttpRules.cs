using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ClawPdp.Server.Doors.Http;

/// <summary>How a request in HTTP's shape becomes a question: where the token and the host come from, and what the operator states of it.</summary>
internal sealed record HttpRules
{
    /// <summary>The settings' names of what these rules hold.</summary>
    public const string HostMember = "host";

    /// <inheritdoc cref="HostMember"/>
    public const string TokenMember = "token";

    /// <summary>The values of <see cref="HostMember"/>, for messages.</summary>
    public const string HostSources = "destination, header or none";

    /// <summary>The values of <see cref="TokenMember"/>, for messages.</summary>
    public const string TokenSources = "any, x-cst or authorization";

    /// <summary>Gets where the host comes from; by default from the proxy.</summary>
    public HostSource Host { get; init; }

    /// <summary>Gets which header the token comes in; by default either.</summary>
    public TokenSource Token { get; init; }

    /// <summary>Gets what the operator states, by field; it comes before what the caller says, and a caller that says otherwise is refused.</summary>
    public ImmutableDictionary<string, string> Statements { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Reads the name of a source of hosts.</summary>
    public static bool TryParseHost(string text, [NotNullWhen(true)] out HostSource? source)
    {
        source = text switch
        {
            "destination" => HostSource.Destination,
            "header" => HostSource.Header,
            "none" => HostSource.None,
            _ => null,
        };
        return source is not null;
    }

    /// <summary>Reads the name of a source of tokens.</summary>
    public static bool TryParseToken(string text, [NotNullWhen(true)] out TokenSource? source)
    {
        source = text switch
        {
            "any" => TokenSource.Any,
            "x-cst" => TokenSource.OwnHeader,
            "authorization" => TokenSource.Authorization,
            _ => null,
        };
        return source is not null;
    }
}
