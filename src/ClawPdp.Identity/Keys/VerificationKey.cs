using System.Collections.Concurrent;
using ClawPdp.Identity.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace ClawPdp.Identity.Keys;

/// <summary>One public key of an issuer that can verify signatures; holds the public members only.</summary>
internal sealed class VerificationKey
{
    private readonly string _type;
    private readonly string? _algorithm;
    private readonly ConcurrentDictionary<string, SignatureProvider> _verifiers = new(StringComparer.Ordinal);

    /// <param name="key">The key, its public members and <c>kid</c> alone.</param>
    /// <param name="type"><c>RSA</c> or the name of the curve.</param>
    /// <param name="algorithm">The only algorithm the issuer uses it with; <see langword="null"/> when it did not
    /// say.</param>
    public VerificationKey(JsonWebKey key, string type, string? algorithm)
    {
        Key = key;
        _type = type;
        _algorithm = algorithm;
    }

    public JsonWebKey Key { get; }

    public string Id => Key.Kid;

    /// <summary>
    /// Says whether the key may be used with this algorithm: right type, and the one the issuer named.
    /// </summary>
    public bool Serves(string algorithm) =>
        SignatureAlgorithms.Fits(algorithm, _type)
            && (_algorithm is null || string.Equals(_algorithm, algorithm, StringComparison.Ordinal));

    /// <summary>
    /// Gives what verifies with this key by one algorithm, made once: OpenSSL takes far longer to take in a key than to
    /// verify with it. Safe for many threads.
    /// </summary>
    /// <param name="algorithm">One that the key <see cref="Serves"/>, so that there are few.</param>
    public SignatureProvider Verifier(string algorithm) =>
        _verifiers.GetOrAdd(algorithm, static (name, key) => key.CryptoProviderFactory.CreateForVerifying(key, name, cacheProvider: false), Key);

    public bool IsSameAs(VerificationKey other) =>
        string.Equals(Id, other.Id, StringComparison.Ordinal)
        && string.Equals(_type, other._type, StringComparison.Ordinal)
        && string.Equals(_algorithm, other._algorithm, StringComparison.Ordinal)
        && string.Equals(Material, other.Material, StringComparison.Ordinal);

    private string Material => $"{Key.N}.{Key.E}.{Key.X}.{Key.Y}";
}
