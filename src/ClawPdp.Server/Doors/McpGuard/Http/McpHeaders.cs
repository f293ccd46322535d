using System.Diagnostics.CodeAnalysis;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>What the guard takes over from a request. Nothing else of the client's headers reaches the server.</summary>
/// <param name="SessionId">The session; <see langword="null"/> for none.</param>
/// <param name="Version">The version of the protocol; <see langword="null"/> where nothing is said.</param>
/// <param name="LastEventId">Where a client that comes back was; <see langword="null"/> for the beginning.</param>
/// <param name="Authorization">What the client shows to the server; <see langword="null"/> for nothing. A secret, never written anywhere.</param>
internal sealed record McpHeaders(string? SessionId, string? Version, string? LastEventId, string? Authorization)
{
    /// <summary>The name of the session's header.</summary>
    public const string Session = "Mcp-Session-Id";

    /// <summary>The name of the version's header.</summary>
    public const string ProtocolVersion = "MCP-Protocol-Version";

    /// <summary>The name of the place's header.</summary>
    public const string LastEvent = "Last-Event-ID";

    private const int SessionLengthMax = 256;
    private const int VersionLengthMax = 32;
    private const int AuthorizationLengthMax = 16 * 1024;

    /// <summary>Reads them; one that comes twice, or is no plain text of its length, spoils all.</summary>
    public static bool TryRead(IHeaderDictionary headers, [NotNullWhen(true)] out McpHeaders? read)
    {
        read = null;
        if (!TryReadOne(headers, Session, SessionLengthMax, '!', out var session)
            || !TryReadOne(headers, ProtocolVersion, VersionLengthMax, '!', out var version)
            || !TryReadOne(headers, LastEvent, SseReader.IdMaxBytes, '!', out var last)
            || !TryReadOne(headers, "Authorization", AuthorizationLengthMax, ' ', out var authorization))
        {
            return false;
        }

        read = new McpHeaders(session, version, last, authorization);
        return true;
    }

    /// <summary>Tells whether a text can be the id of a session.</summary>
    public static bool IsSession(string text) => IsPlain(text, SessionLengthMax, '!');

    private static bool TryReadOne(IHeaderDictionary headers, string name, int lengthMax, char first, out string? value)
    {
        var values = headers[name];
        value = values.Count == 0 ? null : values[0];
        return values.Count == 0 || (values.Count == 1 && value is not null && IsPlain(value, lengthMax, first));
    }

    private static bool IsPlain(string text, int lengthMax, char first) =>
        text.Length > 0 && text.Length <= lengthMax && !text.AsSpan().ContainsAnyExceptInRange(first, '~');
}
