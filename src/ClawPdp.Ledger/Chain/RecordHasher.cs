using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ClawPdp.Ledger.Chain;

/// <summary>Hashes a record with the one before it. Not safe for concurrent use.</summary>
internal sealed class RecordHasher : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // The tag keeps these hashes apart from every other use of SHA-256 here; its closing zero keeps it from being the start of another.
    private static ReadOnlySpan<byte> Tag => "clawpdp.ledger.record.v1\0"u8;

    /// <summary>Gives the 32-byte hash of the record that follows <paramref name="previous"/>.</summary>
    // +-----------------------------+---------------+---------------------+--------+---------+
    // | clawpdp.ledger.record.v1 00 | previous hash | sequence            | kind   | content |
    // | 25 bytes                    | 32 bytes      | 8 bytes, big-endian | 1 byte | rest    |
    // +-----------------------------+---------------+---------------------+--------+---------+
    public byte[] Hash(ReadOnlySpan<byte> previous, long sequence, RecordKind kind, ReadOnlySpan<byte> content)
    {
        Span<byte> numbers = stackalloc byte[sizeof(long) + 1];
        BinaryPrimitives.WriteInt64BigEndian(numbers, sequence);
        numbers[^1] = (byte)kind;
        _hash.AppendData(Tag);
        _hash.AppendData(previous);
        _hash.AppendData(numbers);
        _hash.AppendData(content);
        return _hash.GetHashAndReset();
    }

    public void Dispose() => _hash.Dispose();
}
