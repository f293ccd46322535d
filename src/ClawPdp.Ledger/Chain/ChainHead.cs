using System.Security.Cryptography;

namespace ClawPdp.Ledger.Chain;

/// <summary>The record that the next one links to. Compared by reference; the hash is never changed in place.</summary>
internal sealed class ChainHead
{
    private readonly byte[] _hash;

    public ChainHead(long sequence, byte[] hash)
    {
        Sequence = sequence;
        _hash = hash;
    }

    /// <summary>Gets the head of an empty chain: sequence 0 and 32 zero bytes.</summary>
    public static ChainHead Empty { get; } = new(0, new byte[SHA256.HashSizeInBytes]);

    public long Sequence { get; }

    public ReadOnlySpan<byte> Hash => _hash;

    public LedgerHead ToPublic() => new(Sequence, Convert.ToHexStringLower(_hash));
}
