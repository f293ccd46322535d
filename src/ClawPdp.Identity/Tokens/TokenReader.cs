namespace ClawPdp.Identity.Tokens;

/// <summary>Checks a token's form, and in its header what kind of token and of signature it is.</summary>
internal static class TokenReader
{
    public const int TokenLengthMax = 16 * 1024;

    private const int KeyIdLengthMax = 255;

    /// <returns><see langword="null"/> and the token, or the refusal.</returns>
    public static IdentityRefusal? Read(string? text, ITokenProfile profile, out UntrustedToken? token)
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

        var complaint = TokenParts.Read(text, out var parts);
        return parts is null ? Malformed(complaint ?? "the ID token could not be read") : ReadHeader(parts, profile, out token);
    }

    private static IdentityRefusal? ReadHeader(TokenParts parts, ITokenProfile profile, out UntrustedToken? token)
    {
        token = null;
        if (!StrictJson.TryGetString(parts.Header, "alg", out var algorithm))
        {
            return Malformed("the header has no algorithm");
        }

        if (parts.Header.TryGetProperty("crit", out _))
        {
            return Malformed("the header has critical extensions, and none is understood");
        }

        var hasKeyId = StrictJson.TryGetString(parts.Header, "kid", out var keyId);
        if ((!hasKeyId && parts.Header.TryGetProperty("kid", out _)) || keyId.Length > KeyIdLengthMax)
        {
            return Malformed("the key id is not a string of at most 255 characters");
        }

        if (!profile.IsType(parts.Header))
        {
            return new IdentityRefusal(
                IdentityFailure.IdTokenInvalidClaims, "the header's type is that of another kind of token");
        }

        if (!SignatureAlgorithms.IsKnown(algorithm))
        {
            return new IdentityRefusal(
                IdentityFailure.IdTokenUnsupportedAlg, "the algorithm is not an accepted asymmetric signature");
        }

        token = new UntrustedToken(parts, algorithm, keyId);
        return null;
    }

    private static IdentityRefusal Malformed(string message) => new(IdentityFailure.IdTokenMalformed, message);
}
