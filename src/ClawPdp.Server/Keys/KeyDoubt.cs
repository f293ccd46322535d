using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Keys;

/// <summary>
/// What is in doubt when a token key was in other hands. Whoever had it could sign tokens; those that the sidecar issued are in the ledger, and those
/// that somebody else signed are not. So what was allowed or reported with a token that was never issued here was done by the thief.
/// </summary>
internal sealed record KeyDoubt
{
    private const int ContentSizeMaxBytes = 4 * 1024 * 1024;
    private const int KeyIdKind = (int)RevocationTargetKind.KeyId;

    /// <summary>Gets when the key was revoked; <see langword="null"/> when it was not.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Gets how many tokens were issued with the key since the instant that was asked for.</summary>
    public required int IssuedCount { get; init; }

    /// <summary>Gets the hashes of tokens that were taken for good and never issued here, in their order.</summary>
    public required ImmutableArray<string> NeverIssued { get; init; }

    /// <summary>Gets the ids of what was allowed with such tokens, in the order of the records.</summary>
    public required ImmutableArray<string> Decisions { get; init; }

    /// <summary>Gets the ids of the receipts that were signed for such tokens, in the order of the records.</summary>
    public required ImmutableArray<string> Receipts { get; init; }

    /// <summary>Looks through a ledger.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="keyId">The key.</param>
    /// <param name="since">When the key may have been in other hands first.</param>
    /// <exception cref="LedgerException">The ledger cannot be read, or a record is damaged.</exception>
    public static KeyDoubt Of(LedgerReader ledger, string keyId, DateTimeOffset since)
    {
        var issued = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var record in Read(ledger, RecordKind.Issuance))
        {
            issued.Add(Text(record, "token_hash"));
            count += Is(record, "kid", keyId) && When(record, "issued_at") >= since ? 1 : 0;
        }

        bool IsForeign(JsonValue record) => Text(record, "token_hash") is { Length: > 0 } hash && !issued.Contains(hash);
        List<JsonValue> decisions = [.. Read(ledger, RecordKind.Decision).Where(record => Is(record, "effect", "ALLOW") && When(record, "decided_at") >= since && IsForeign(record))];
        List<JsonValue> receipts = [.. Read(ledger, RecordKind.Receipt).Where(record => When(record, "signed_at") >= since && IsForeign(record))];
        return new KeyDoubt
        {
            RevokedAt = Read(ledger, RecordKind.Revocation)
                .Where(record => IsRevocationOf(record, keyId))
                .Select(static record => (DateTimeOffset?)When(record, "revoked_at"))
                .FirstOrDefault(),
            IssuedCount = count,
            NeverIssued = [.. decisions.Concat(receipts).Select(static record => Text(record, "token_hash")).Distinct(StringComparer.Ordinal)],
            Decisions = [.. decisions.Select(static record => Text(record, "decision_id"))],
            Receipts = [.. receipts.Select(static record => Text(record, "receipt_id"))],
        };
    }

    /// <summary>Reads the content of a record.</summary>
    /// <exception cref="LedgerException">It is damaged.</exception>
    public static JsonValue Parse(ReadOnlyMemory<byte> content) =>
        JsonReader.Parse(content.Span, ContentSizeMaxBytes).TryGet(out var record) ? record : throw new LedgerException(LedgerFault.Corrupt, "a record in the ledger cannot be read");

    /// <summary>Tells whether the content of a revocation names a key.</summary>
    public static bool IsRevocationOf(JsonValue record, string keyId) => record.Find("kind")?.Number == KeyIdKind && Is(record, "value", keyId);

    /// <summary>Gives an instant of a record.</summary>
    /// <exception cref="LedgerException">It is none.</exception>
    public static DateTimeOffset When(JsonValue record, string name) =>
        Rfc3339.TryParse(Text(record, name), out var instant) ? instant : throw new LedgerException(LedgerFault.Corrupt, $"a record in the ledger has no instant `{name}`");

    private static IEnumerable<JsonValue> Read(LedgerReader ledger, RecordKind kind) => ledger.ReadContents(kind).Select(Parse);

    private static string Text(JsonValue record, string name) => record.FindText(name) ?? "";

    private static bool Is(JsonValue record, string name, string value) => string.Equals(Text(record, name), value, StringComparison.Ordinal);
}
