using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Keys;

/// <summary>
/// What is in doubt when a key of receipts was in other hands. The sidecar records all that it signs, and the log proves the records: what is in them is
/// its own, and whatever else carries the key's signature is not.
/// </summary>
internal sealed record ReceiptKeyDoubt
{
    private const int EnvelopeSizeMaxBytes = 4 * 1024 * 1024;

    /// <summary>Gets when the key was revoked; <see langword="null"/> when it was not.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Gets the sequence of the record that revoked it; 0 when it was not.</summary>
    public required long RevokedBy { get; init; }

    /// <summary>Gets how many receipts and issuances are recorded with its signature, and before its revocation.</summary>
    public required int SignedCount { get; init; }

    /// <summary>Gets the sequences of what is recorded with its signature after its revocation, ascending: there should be none.</summary>
    public required ImmutableArray<long> SignedAfter { get; init; }

    /// <summary>Looks through a ledger.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="LedgerException">The ledger cannot be read, or a record is damaged.</exception>
    public static ReceiptKeyDoubt Of(LedgerReader ledger, Ed25519PublicKey key)
    {
        var revocations = ledger.Read(RecordKind.Revocation)
            .Select(static record => (record.Sequence, Content: KeyDoubt.Parse(record.Content)))
            .Where(record => KeyDoubt.IsRevocationOf(record.Content, key.KeyId));
        var (revokedBy, revocation) = revocations.FirstOrDefault((0, JsonValue.Null));
        var signed = ledger.Read(RecordKind.Receipt)
            .Concat(ledger.Read(RecordKind.Issuance))
            .Where(record => IsSignedBy(record.Content, key.Did))
            .Select(static record => record.Sequence)
            .Order()
            .ToList();
        return new ReceiptKeyDoubt
        {
            RevokedAt = revokedBy == 0 ? null : KeyDoubt.When(revocation, "revoked_at"),
            RevokedBy = revokedBy,
            SignedCount = signed.Count(sequence => revokedBy == 0 || sequence < revokedBy),
            SignedAfter = [.. signed.Where(sequence => revokedBy > 0 && sequence > revokedBy)],
        };
    }

    private static bool IsSignedBy(ReadOnlyMemory<byte> content, string did)
    {
        var envelope = System.Text.Encoding.UTF8.GetBytes(KeyDoubt.Parse(content).FindText("envelope") ?? "");
        return JsonReader.Parse(envelope, EnvelopeSizeMaxBytes).TryGet(out var json) && string.Equals(json.FindText("signer_did"), did, StringComparison.Ordinal);
    }
}
