using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Storage;
using ClawPdp.Ledger.Writing;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>Removes what a plan does not keep. Runs inside the writer's transaction.</summary>
internal static class PruneRemoval
{
    // Everything by which a removed record could be found. `used_approval` is no such table: an approval that counted stays used up for ever.
    private static readonly ImmutableArray<string> SideTables =
        ["receipt", "idempotency_key", "issuance", "revocation", "run", "run_record", "event", "span", "decision"];

    /// <summary>Removes the records and every way to find them.</summary>
    public static void Remove(SqliteConnection connection, long through)
    {
        foreach (var table in SideTables)
        {
            ComposedQuery.Run(connection, $"DELETE FROM {table} WHERE sequence <= $through AND sequence NOT IN (SELECT sequence FROM temp.keep)", ("$through", through));
        }

        // What was reported is looked at only where the decision is found.
        ComposedQuery.Run(connection, "DELETE FROM approved_receipt WHERE sequence <= $through AND decision_id NOT IN (SELECT decision_id FROM decision)", ("$through", through));
        ComposedQuery.Run(connection, "UPDATE record SET content = zeroblob(0) WHERE sequence <= $through AND sequence IN (SELECT sequence FROM temp.stub) AND length(content) > 0", ("$through", through));
        ComposedQuery.Run(connection, "DELETE FROM record WHERE sequence <= $through AND sequence NOT IN (SELECT sequence FROM temp.keep) AND sequence NOT IN (SELECT sequence FROM temp.stub)", ("$through", through));
    }

    /// <summary>Appends the record of the pruning and gives its sequence.</summary>
    public static long Record(WriteSession session, PruneRecord record)
    {
        var (keptHash, throughHash) = HashKept(session.Tables, record.ThroughSequence);
        var sequence = session.Append(
            RecordKind.Prune,
            Records.PruneContent.Write(record with { KeptHash = Base64UrlText.Encode(keptHash), ThroughHash = Base64UrlText.Encode(throughHash) }));
        session.Tables.Meta.Set(StoredPrune.MetaName, sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return sequence;
    }

    private static (byte[] Kept, byte[] Through) HashKept(LedgerTables tables, long through)
    {
        using var hasher = new KeptHasher();
        var last = Array.Empty<byte>();
        using var rows = tables.Records.From(1);
        while (rows.Read() && rows.GetInt64(0) is var sequence && sequence <= through)
        {
            last = rows.GetBytes(3);
            hasher.Add(sequence, (RecordKind)rows.GetInt32(1), rows.GetBytes(2).Length > 0, last);
        }

        return (hasher.Finish(), last);
    }
}
