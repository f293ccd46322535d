using System.Text;
using System.Text.Json;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Identity.Tokens;

/// <summary>
/// A compact JWS (RFC 7515 section 7.1) taken apart: header "." payload "." signature, each in base64url.
/// </summary>
internal sealed class TokenParts
{
    private TokenParts(string text, JsonElement header, JsonElement claims, byte[] signature)
    {
        Text = text;
        Header = header;
        Claims = claims;
        Signature = signature;
    }

    public string Text { get; }

    public JsonElement Header { get; }

    public JsonElement Claims { get; }

    /// <summary>Gets the signature; empty when the third part is.</summary>
    public byte[] Signature { get; }

    /// <summary>Gives the bytes that the signature is over: everything before the second dot, as ASCII.</summary>
    public byte[] SignedBytes() => Encoding.ASCII.GetBytes(Text, 0, Text.LastIndexOf('.'));

    /// <returns><see langword="null"/> and the parts, or what is wrong with the text.</returns>
    public static string? Read(string text, out TokenParts? parts)
    {
        parts = null;
        Span<Range> ranges = stackalloc Range[4];
        if (text.AsSpan().Split(ranges, '.') != 3)
        {
            return "the ID token does not have three parts";
        }

        if (!Base64UrlText.TryDecode(text.AsSpan(ranges[0]), out var headerBytes)
            || !Base64UrlText.TryDecode(text.AsSpan(ranges[1]), out var claimBytes)
            || !Base64UrlText.TryDecode(text.AsSpan(ranges[2]), out var signature))
        {
            return "the ID token is not canonical base64url";
        }

        if (!StrictJson.TryParseObject(headerBytes, out var header))
        {
            return "the header is not a JSON object with unique members";
        }

        if (!StrictJson.TryParseObject(claimBytes, out var claims))
        {
            return "the payload is not a JSON object with unique members";
        }

        parts = new TokenParts(text, header, claims, signature);
        return null;
    }
}
