using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ClawPdp.Ledger.Chain;

/// <summary>Hashes a record with the one before it. Not safe for concurrent use.</summary>
internal sealed class RecordHasher : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // The tag keeps these hashes apart from every other use of SHA-256 here; its closing zero keeps it from being the start of another.
    private static ReadOnlySpan<byte> Tag => "clawpdp.ledger.record.v1\0"u8;

    /// <summary>Gives a record back, unless its hash is not that of its content. Where the record before it is gone, nothing can be told.</summary>
    /// <exception cref="LedgerException">The record is damaged.</exception>
    public static LedgerRecord Prove(LedgerRecord record)
    {
        if (record.Sequence > 1 && record.PreviousHash.Span.IndexOfAnyExcept((byte)0) < 0)
        {
            return record;
        }

        using var hasher = new RecordHasher();
        var hash = hasher.Hash(record.PreviousHash.Span, record.Sequence, record.Kind, record.Content.Span);
        return hash.AsSpan().SequenceEqual(record.Hash.Span)
            ? record
            : throw new LedgerException(LedgerFault.Corrupt, "a record in the ledger is not what was written");
    }

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
