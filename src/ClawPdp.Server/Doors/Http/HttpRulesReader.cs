using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;

namespace ClawPdp.Server.Doors.Http;

/// <summary>Reads the rules of a door from its settings.</summary>
internal static class HttpRulesReader
{
    /// <summary>The name of the member with what the operator states.</summary>
    public const string StateMember = "state";

    private const int NameLengthMax = 64;

    /// <summary>Reads the members <c>host</c>, <c>token</c> and <c>state</c>; every fault goes to the document's.</summary>
    /// <param name="members">The settings; <see langword="null"/> stands for the defaults.</param>
    public static HttpRules Read(JsonCursor? members) => new()
    {
        Host = HostOf(members?.Optional(HttpRules.HostMember)),
        Token = TokenOf(members?.Optional(HttpRules.TokenMember)),
        Statements = StatementsOf(members?.Optional(StateMember)),
    };

    private static HostSource HostOf(JsonCursor? member)
    {
        if (member?.AsText(NameLengthMax) is not { } text)
        {
            return default;
        }

        if (HttpRules.TryParseHost(text, out var source))
        {
            return source.Value;
        }

        member.Refuse("unknown source of the host", HttpRules.HostSources);
        return default;
    }

    private static TokenSource TokenOf(JsonCursor? member)
    {
        if (member?.AsText(NameLengthMax) is not { } text)
        {
            return default;
        }

        if (HttpRules.TryParseToken(text, out var source))
        {
            return source.Value;
        }

        member.Refuse("unknown source of the token", HttpRules.TokenSources);
        return default;
    }

    private static ImmutableDictionary<string, string> StatementsOf(JsonCursor? member)
    {
        string[] names = [.. HttpFields.OperatorNames];
        if (member is null || !member.IsObjectOf(names))
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        var statements = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (member.Optional(name)?.AsText(RequestLimits.HostMax) is { } value)
            {
                statements[name] = value;
            }
        }

        return statements.ToImmutable();
    }
}
