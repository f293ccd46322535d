using System.Buffers.Binary;
using System.Security.Cryptography;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Audit.Evidence;

/// <summary>A record of the ledger in the evidence.</summary>
/// <param name="Sequence">Its place among all records, from 1.</param>
/// <param name="Kind">One of <see cref="RecordKinds"/>.</param>
/// <param name="PreviousHash">The hash of the record before it in the ledger, base64url.</param>
/// <param name="Content">The content: one JSON object, as it is hashed.</param>
public sealed record EvidenceRecord(long Sequence, string Kind, string PreviousHash, string Content)
{
    private static ReadOnlySpan<byte> Tag => "clawpdp.ledger.record.v1\0"u8;

    /// <summary>Computes the record's hash: 32 bytes.</summary>
    public byte[] ComputeHash()
    {
        Span<byte> numbers = stackalloc byte[sizeof(long) + 1];
        BinaryPrimitives.WriteInt64BigEndian(numbers, Sequence);
        numbers[^1] = RecordKinds.NumberOf(Kind);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Tag);
        hash.AppendData(Base64UrlText.TryDecode(PreviousHash, out var previous) ? previous : []);
        hash.AppendData(numbers);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Content));
        return hash.GetHashAndReset();
    }
}
