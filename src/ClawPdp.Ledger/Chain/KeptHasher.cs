using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ClawPdp.Ledger.Chain;

/// <summary>
/// Hashes what a pruning leaves up to its point: nothing there can be changed, removed or emptied later, though the links between the
/// records are gone. Not safe for concurrent use.
/// </summary>
internal sealed class KeptHasher : IDisposable
{
    private const byte Emptied = 0;
    private const byte Whole = 1;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public KeptHasher() => _hash.AppendData(Tag);

    private static ReadOnlySpan<byte> Tag => "clawpdp.ledger.kept.v1\0"u8;

    /// <summary>Adds what is left of a record; ascending.</summary>
    // After the tag, for each row:
    // +---------------------+--------+-------------------------+-------------+
    // | sequence            | kind   | 1 whole, 0 emptied      | record hash |
    // | 8 bytes, big-endian | 1 byte | 1 byte                  | 32 bytes    |
    // +---------------------+--------+-------------------------+-------------+
    public void Add(long sequence, RecordKind kind, bool isWhole, ReadOnlySpan<byte> hash)
    {
        Span<byte> numbers = stackalloc byte[sizeof(long) + 2];
        BinaryPrimitives.WriteInt64BigEndian(numbers, sequence);
        numbers[^2] = (byte)kind;
        numbers[^1] = isWhole ? Whole : Emptied;
        _hash.AppendData(numbers);
        _hash.AppendData(hash);
    }

    /// <summary>Gives the hash over what was added.</summary>
    public byte[] Finish() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();
}
