using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Server.Keys;

/// <summary>Records every change of the keys in the ledger, as a document that says which there are from then on.</summary>
internal static class KeyRingRecord
{
    // What was recorded last: the change is to that.
    private const string RecordedName = "key_ring";

    /// <summary>Records the keys where they changed since the last time, at this start or an earlier one.</summary>
    /// <exception cref="LedgerException">It could not be made durable.</exception>
    public static async Task KeepIfChangedAsync(LedgerStore ledger, KeyRing ring)
    {
        var text = Write(ring);
        var hash = Sha256.B64u(text);
        var recorded = ledger.GetMeta(RecordedName);
        if (string.Equals(recorded, hash, StringComparison.Ordinal))
        {
            return;
        }

        // What an installation begins with is no change.
        if (recorded is not null)
        {
            await ledger.KeepDocumentAsync(new DocumentRecord { DocumentType = DocumentRecord.KeyRing, Hash = hash, RecordedAt = ring.Now, Text = text });
        }

        await ledger.SetMetaAsync(RecordedName, hash);
    }

    private static byte[] Write(KeyRing ring) => JsonWriter.WriteCanonical(new JsonObjectBuilder()
        .Add("key_ring_version", "1")
        .Add("keys", JsonValue.ArrayOf([.. ring.Keys.Select(static key => new JsonObjectBuilder()
            .Add("purpose", KeyPurposeText.NameOf(key.Purpose))
            .Add("kid", key.PublicKey.KeyId)
            .Add("did", key.PublicKey.Did)
            .Add("signs", JsonValue.Of(key.CanSign))
            .Add("created_at", Rfc3339.Format(key.CreatedAt))
            .AddIfPresent("signs_from", key.SignsFrom is { } start ? Rfc3339.Format(start) : null)
            .AddIfPresent("not_after", key.NotAfter is { } end ? Rfc3339.Format(end) : null)
            .Build())]))
        .Build());
}
