using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace ClawPdp.Identity.Tokens;

/// <summary>
/// The signature algorithms (RFC 7518 section 3.1) an operator can choose from: asymmetric ones only.
/// </summary>
internal static class SignatureAlgorithms
{
    private static readonly FrozenDictionary<string, string> KeyTypes =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [SecurityAlgorithms.RsaSha256] = "RSA",
            [SecurityAlgorithms.RsaSha384] = "RSA",
            [SecurityAlgorithms.RsaSha512] = "RSA",
            [SecurityAlgorithms.RsaSsaPssSha256] = "RSA",
            [SecurityAlgorithms.RsaSsaPssSha384] = "RSA",
            [SecurityAlgorithms.RsaSsaPssSha512] = "RSA",
            [SecurityAlgorithms.EcdsaSha256] = "P-256",
            [SecurityAlgorithms.EcdsaSha384] = "P-384",
            [SecurityAlgorithms.EcdsaSha512] = "P-521",
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static int Count => KeyTypes.Count;

    public static bool IsKnown(string? algorithm) => algorithm is not null && KeyTypes.ContainsKey(algorithm);

    /// <summary>Says whether the algorithm works with keys of this type: <c>RSA</c> or the name of a curve.</summary>
    public static bool Fits(string algorithm, string keyType) =>
        KeyTypes.TryGetValue(algorithm, out var needed) && string.Equals(needed, keyType, StringComparison.Ordinal);
}
