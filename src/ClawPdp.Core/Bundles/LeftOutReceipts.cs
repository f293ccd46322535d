using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Bundles;

/// <summary>
/// What a proof bundle says about the receipts of its segment that it cannot hold: side effects below no model call, and whatever is beyond
/// the 1,000 of a kind that public verifiers take (docs/evidence.md section 3). The agent's signature thereby covers these, too.
/// </summary>
public static class LeftOutReceipts
{
    /// <summary>The member of <c>metadata.clawpdp</c>.</summary>
    public const string Name = "left_out";

    /// <summary>Gives the member for some receipts; <see langword="null"/> for none.</summary>
    public static JsonValue? Of(IEnumerable<string> receiptIds)
    {
        var ids = receiptIds.Order(StringComparer.Ordinal).ToList();
        return ids.Count == 0 ? null : new JsonObjectBuilder()
            .Add("count", ids.Count)
            .Add("receipt_ids_hash_b64u", Sha256.OfCanonical(JsonValue.ArrayOf(ids)))
            .Build();
    }
}
