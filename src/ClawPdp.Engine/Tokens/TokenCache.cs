using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ClawPdp.Engine.Tokens;

/// <summary>
/// Tokens whose signature held, found by the SHA-256 of their whole text. Bounded: when one generation is full it becomes
/// the old one and the old one is dropped; an entry that is still used moves over.
/// </summary>
internal sealed class TokenCache
{
    /// <summary>The most entries in one generation; at most twice as many are held.</summary>
    public const int GenerationCountMax = 16_384;

    private readonly Lock _turning = new();
    private ConcurrentDictionary<UInt256, VerifiedToken> _young = new();
    private ConcurrentDictionary<UInt256, VerifiedToken> _old = new();

    public static UInt256 KeyOf(string token)
    {
        Span<byte> buffer = stackalloc byte[2048];
        var text = token.Length <= buffer.Length ? buffer[..token.Length] : new byte[token.Length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];

        // INVARIANT: only tokens in the base64url alphabet are stored, so replacing what is not ASCII cannot make two alike.
        System.Text.Encoding.ASCII.GetBytes(token, text);
        SHA256.HashData(text, hash);
        return UInt256.Read(hash);
    }

    public VerifiedToken? Find(UInt256 key)
    {
        if (_young.TryGetValue(key, out var found))
        {
            return found;
        }

        if (!_old.TryGetValue(key, out found))
        {
            return null;
        }

        Add(key, found);
        return found;
    }

    public void Add(UInt256 key, VerifiedToken token)
    {
        if (_young.Count >= GenerationCountMax)
        {
            lock (_turning)
            {
                if (_young.Count >= GenerationCountMax)
                {
                    _old = _young;
                    _young = new();
                }
            }
        }

        _young[key] = token;
    }
}
