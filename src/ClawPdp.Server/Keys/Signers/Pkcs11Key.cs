using ClawPdp.Crypto;

namespace ClawPdp.Server.Keys.Signers;

/// <summary>An Ed25519 key in a PKCS#11 token that cannot be taken out of it. Safe for concurrent use: one signature at a time.</summary>
internal sealed class Pkcs11Key : IDisposable
{
    private const nuint PublicKeyClass = 2;
    private const nuint PrivateKeyClass = 3;
    private const nuint EdwardsKey = 0x40;
    private const nuint Sensitive = 0x103;
    private const nuint Extractable = 0x162;
    private const nuint Point = 0x181;
    private const nuint EdDsa = 0x1057;

    private const int PublicKeyBytes = 32;

    private readonly Lock _lock = new();
    private readonly Pkcs11Module _module;
    private readonly nuint _session;
    private readonly nuint _key;

    private Pkcs11Key(Pkcs11Module module, nuint session, nuint key, byte[] publicKey)
    {
        _module = module;
        _session = session;
        _key = key;
        PublicKey = publicKey;
    }

    /// <summary>Gets the 32 bytes of the public half.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Finds a key by its label in the token of a label.</summary>
    /// <param name="modulePath">The module.</param>
    /// <param name="tokenLabel">The token's label.</param>
    /// <param name="keyLabel">The label of the key pair.</param>
    /// <param name="pin">The user's PIN.</param>
    /// <exception cref="Pkcs11Exception">There is no such key, more than one, one that can be taken out, or one that does not sign.</exception>
    public static Pkcs11Key Open(string modulePath, string tokenLabel, string keyLabel, ReadOnlySpan<byte> pin)
    {
        var module = new Pkcs11Module(modulePath);
        try
        {
            var slots = module.Slots().Where(slot => string.Equals(module.TokenLabel(slot), tokenLabel, StringComparison.Ordinal)).ToList();
            var session = module.Open(slots is [var only] ? only : throw new Pkcs11Exception($"there must be one token `{tokenLabel}`, and there are {slots.Count}"), pin);
            var key = One(module.Find(session, PrivateKeyClass, EdwardsKey, keyLabel), $"private Ed25519 key `{keyLabel}`");
            if (module.Read(session, key, Extractable) is not [0] || module.Read(session, key, Sensitive) is not [1])
            {
                throw new Pkcs11Exception($"the private key `{keyLabel}` can be taken out of the token: make one that is sensitive and not extractable");
            }

            var point = module.Read(session, One(module.Find(session, PublicKeyClass, EdwardsKey, keyLabel), $"public Ed25519 key `{keyLabel}`"), Point);
            return Proved(new Pkcs11Key(module, session, key, RawOf(point)));
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>Signs a message: 64 bytes.</summary>
    /// <exception cref="Pkcs11Exception">The module failed.</exception>
    public byte[] Sign(byte[] message)
    {
        lock (_lock)
        {
            return _module.Sign(_session, _key, EdDsa, message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _module.Dispose();

    private static nuint One(nuint[] found, string what) => found is [var only] ? only : throw new Pkcs11Exception($"there must be one {what} in the token, and there are {found.Length} or more");

    // CKA_EC_POINT: the key as a DER octet string; some modules give it bare.
    private static byte[] RawOf(byte[] point) => point switch
    {
        [0x04, PublicKeyBytes, .. var raw] when raw.Length == PublicKeyBytes => raw,
        { Length: PublicKeyBytes } => point,
        _ => throw new Pkcs11Exception("the token's public key is none of Ed25519"),
    };

    private static Pkcs11Key Proved(Pkcs11Key key)
    {
        var probe = "clawpdp.signer.probe"u8.ToArray();
        return Ed25519PublicKey.TryFromRaw(key.PublicKey, out var publicKey) && publicKey.Verify(probe, key.Sign(probe))
            ? key
            : throw new Pkcs11Exception("the token's private key is not that of its public key");
    }
}
