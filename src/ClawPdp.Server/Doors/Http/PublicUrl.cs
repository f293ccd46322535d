using ClawPdp.Core.Json;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.Http;

/// <summary>
/// Where callers reach the HTTP port, as the operator says it. What a document names comes from here alone, never from a request's <c>Host</c>,
/// which whoever asks can make up.
/// </summary>
internal static class PublicUrl
{
    private const int LengthMax = 512;

    /// <summary>Reads a member: an <c>https</c> origin, or an <c>http</c> one that is loopback, without path, query or fragment.</summary>
    /// <returns>The origin without a final slash; <see langword="null"/> for an absent member or a fault, which goes to the document's.</returns>
    public static string? Read(JsonCursor? member)
    {
        if (member?.AsText(LengthMax) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !IsOrigin(url, text))
        {
            member.Refuse("a public URL has a scheme, a host and perhaps a port, and nothing else", "such as `https://pdp.example.com`");
            return null;
        }

        if (!string.Equals(url.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) && !LoopbackHost.Is(url.Host))
        {
            member.Refuse("a public URL that is not loopback starts with `https://`");
            return null;
        }

        return text;
    }

    // A text in another form would be another identifier for those who compare it as text.
    private static bool IsOrigin(Uri url, string text) =>
        url.Scheme is "https" or "http"
        && string.Equals(url.GetLeftPart(UriPartial.Authority), text, StringComparison.Ordinal)
        && url.UserInfo.Length == 0;
}
