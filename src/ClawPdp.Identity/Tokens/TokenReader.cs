using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>Takes a compact JWS (RFC 7515 section 7.1) apart and checks its form and its algorithm's kind.</summary>
internal static class TokenReader
{
    public const int TokenLengthMax = 16 * 1024;

    private const int KeyIdLengthMax = 255;

    /// <returns><see langword="null"/> and the token, or the refusal.</returns>
    public static IdentityRefusal? Read(string? text, out UntrustedToken? token)
    {
        token = null;
        if (string.IsNullOrEmpty(text))
        {
            return new IdentityRefusal(IdentityFailure.IdTokenRequired, "an ID token is required");
        }

        if (text.Length > TokenLengthMax)
        {
            return Malformed("the ID token is longer than 16384 characters");
        }

        return TryDecode(text, out var header, out var claims) ?? ReadHeader(text, header, claims, out token);
    }

    private static IdentityRefusal? TryDecode(string text, out JsonElement header, out JsonElement claims)
    {
        header = default;
        claims = default;
        Span<Range> parts = stackalloc Range[4];
        if (text.AsSpan().Split(parts, '.') != 3)
        {
            return Malformed("the ID token does not have three parts");
        }

        if (!StrictBase64Url.TryDecode(text.AsSpan(parts[0]), out var headerBytes)
            || !StrictBase64Url.TryDecode(text.AsSpan(parts[1]), out var claimBytes)
            || !StrictBase64Url.TryDecode(text.AsSpan(parts[2]), out _))
        {
            return Malformed("the ID token is not canonical base64url");
        }

        if (!StrictJson.TryParseObject(headerBytes, out header))
        {
            return Malformed("the header is not a JSON object with unique members");
        }

        return StrictJson.TryParseObject(claimBytes, out claims)
            ? null
            : Malformed("the payload is not a JSON object with unique members");
    }

    private static IdentityRefusal? ReadHeader(string text, JsonElement header, JsonElement claims, out UntrustedToken? token)
    {
        token = null;
        if (!StrictJson.TryGetString(header, "alg", out var algorithm))
        {
            return Malformed("the header has no algorithm");
        }

        if (header.TryGetProperty("crit", out _))
        {
            return Malformed("the header has critical extensions, and none is understood");
        }

        var hasKeyId = StrictJson.TryGetString(header, "kid", out var keyId);
        if ((!hasKeyId && header.TryGetProperty("kid", out _)) || keyId.Length > KeyIdLengthMax)
        {
            return Malformed("the key id is not a string of at most 255 characters");
        }

        if (!SignatureAlgorithms.IsKnown(algorithm))
        {
            return new IdentityRefusal(IdentityFailure.IdTokenUnsupportedAlg, "the algorithm is not an accepted asymmetric signature");
        }

        if (!IsIdTokenType(header))
        {
            return new IdentityRefusal(IdentityFailure.IdTokenInvalidClaims, "the header's type is that of another kind of token");
        }

        token = new UntrustedToken(text, algorithm, keyId, claims);
        return null;
    }

    // RFC 7519 section 5.1: absent, or JWT in any case. `at+jwt` (RFC 9068), `oauth-id-jag+jwt`, `logout+jwt` and the
    // like exist so that nobody takes such a token for an ID token.
    private static bool IsIdTokenType(JsonElement header) =>
        !header.TryGetProperty("typ", out _)
        || (StrictJson.TryGetString(header, "typ", out var type) && string.Equals(type, "JWT", StringComparison.OrdinalIgnoreCase));

    private static IdentityRefusal Malformed(string message) => new(IdentityFailure.IdTokenMalformed, message);
}
