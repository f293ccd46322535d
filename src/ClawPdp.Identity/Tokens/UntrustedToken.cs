using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>A token whose form is right and whose content nobody has vouched for yet.</summary>
internal sealed class UntrustedToken
{
    public UntrustedToken(string text, string algorithm, string keyId, JsonElement claims)
    {
        Text = text;
        Algorithm = algorithm;
        KeyId = keyId;
        Claims = claims;
    }

    public string Text { get; }

    /// <summary>Gets the header's <c>alg</c>: a known asymmetric algorithm.</summary>
    public string Algorithm { get; }

    /// <summary>Gets the header's <c>kid</c>; empty when the header has none.</summary>
    public string KeyId { get; }

    public JsonElement Claims { get; }
}
