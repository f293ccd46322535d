using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>A token whose form is right and whose content nobody has vouched for yet.</summary>
internal sealed class UntrustedToken
{
    public UntrustedToken(TokenParts parts, string algorithm, string keyId)
    {
        Parts = parts;
        Algorithm = algorithm;
        KeyId = keyId;
    }

    public TokenParts Parts { get; }

    /// <summary>Gets the header's <c>alg</c>: a known asymmetric algorithm.</summary>
    public string Algorithm { get; }

    /// <summary>Gets the header's <c>kid</c>; empty when the header has none.</summary>
    public string KeyId { get; }

    public string Text => Parts.Text;

    public JsonElement Claims => Parts.Claims;
}
