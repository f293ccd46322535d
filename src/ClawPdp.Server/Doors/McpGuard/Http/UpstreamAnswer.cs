using System.Buffers;
using System.Net;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>Reads the head of what the server answers, and its body within a bound.</summary>
internal static class UpstreamAnswer
{
    private const int ChallengeLengthMax = 4096;
    private const int PartBytes = 16 * 1024;

    /// <summary>Tells whether it is a body of a media type, as it is and uncompressed.</summary>
    public static bool IsOf(HttpResponseMessage answer, string mediaType) =>
        answer.StatusCode == HttpStatusCode.OK && !Has(answer, "Content-Encoding") && One(answer, "Content-Type") is { } type && ContentTypes.Is(type, mediaType);

    /// <summary>Gives the session that the server opens; <see langword="null"/> for none.</summary>
    /// <param name="answer">The answer to <c>initialize</c>.</param>
    /// <param name="session">Receives the id.</param>
    /// <returns>Whether it can be read.</returns>
    public static bool TryReadSession(HttpResponseMessage answer, out string? session)
    {
        session = One(answer, McpHeaders.Session);
        return session is null ? !Has(answer, McpHeaders.Session) : McpHeaders.IsSession(session);
    }

    /// <summary>Gives what a client has to show to the server, where it says so in one header; <see langword="null"/> where it does not.</summary>
    public static string? ChallengeOf(HttpResponseMessage answer) =>
        One(answer, "WWW-Authenticate") is { Length: <= ChallengeLengthMax } challenge && !challenge.AsSpan().ContainsAnyExceptInRange(' ', '~') ? challenge : null;

    /// <summary>Gives the status that the client gets for one that is no success: what speaks of the client's request stays, anything else is the guard's.</summary>
    public static int StatusOf(HttpResponseMessage answer) =>
        (int)answer.StatusCode is >= 400 and < 500 and var status ? status : StatusCodes.Status502BadGateway;

    /// <summary>Reads a message; <see langword="null"/> for a body that is none, or longer than a message may be.</summary>
    /// <exception cref="HttpRequestException">The connection broke.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<McpMessage?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentLength > McpMessage.SizeMaxBytes)
        {
            return null;
        }

        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var kept = new ArrayBufferWriter<byte>();
        var part = new byte[PartBytes];
        for (int length; (length = await body.ReadAsync(part, cancellation)) > 0;)
        {
            if (kept.WrittenCount + length > McpMessage.SizeMaxBytes)
            {
                return null;
            }

            kept.Write(part.AsSpan(0, length));
        }

        return McpMessage.TryRead(kept.WrittenMemory, out var message, out _) ? message : null;
    }

    private static bool Has(HttpResponseMessage answer, string name) => answer.Headers.NonValidated.Contains(name) || answer.Content.Headers.NonValidated.Contains(name);

    private static string? One(HttpResponseMessage answer, string name)
    {
        var isFound = answer.Headers.NonValidated.TryGetValues(name, out var values) || answer.Content.Headers.NonValidated.TryGetValues(name, out values);
        return isFound && values.Count == 1 ? values.ToString() : null;
    }
}
