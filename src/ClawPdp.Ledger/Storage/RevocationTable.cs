using System.Collections.Immutable;
using ClawPdp.Ledger.Records;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>
/// Finds revocations. A target has one row: the record that revoked it first, and the record whose expiry holds, which is
/// another one when the target was revoked again for longer.
/// </summary>
internal sealed class RevocationTable : IDisposable
{
    // In the column `expires_ms`.
    private const long Never = long.MaxValue;

    private const string Rows =
        """
        SELECT first.sequence, first.content, last.sequence, last.content
        FROM revocation JOIN record AS first USING (sequence) JOIN record AS last ON last.sequence = expiry_sequence

        """;

    private readonly Statement _insert;
    private readonly Statement _extend;
    private readonly Statement _find;
    private readonly Statement _ofKind;
    private readonly Statement _targets;
    private readonly Statement _changed;
    private readonly Statement _page;
    private readonly Statement _holds;

    public RevocationTable(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            "INSERT INTO revocation VALUES ($sequence, $kind, $value, $sequence, $expires)",
            "$sequence",
            "$kind",
            "$value",
            "$expires");
        _extend = new Statement(
            connection,
            "UPDATE revocation SET expiry_sequence = $expiry, expires_ms = $expires WHERE sequence = $sequence",
            "$sequence",
            "$expiry",
            "$expires");
        _find = new Statement(connection, Rows + "WHERE revocation.kind = $kind AND value = $value", "$kind", "$value");
        _ofKind = new Statement(connection, Rows + "WHERE revocation.kind = $kind ORDER BY revocation.sequence", "$kind");
        _targets = new Statement(connection, "SELECT kind, value, expires_ms FROM revocation ORDER BY sequence");
        _changed = new Statement(
            connection,
            Rows + "WHERE expiry_sequence > $after ORDER BY expiry_sequence LIMIT $count",
            "$after",
            "$count");
        _page = new Statement(
            connection,
            Rows + "WHERE revocation.sequence < $before ORDER BY revocation.sequence DESC LIMIT $count",
            "$before",
            "$count");
        _holds = new Statement(
            connection,
            """
            SELECT 1 FROM revocation
            WHERE kind = $kind AND value = $value AND $sequence BETWEEN sequence AND expiry_sequence
            """,
            "$sequence",
            "$kind",
            "$value");
    }

    public void Insert(long sequence, RevocationRecord record) => _insert.Run(sequence, (long)record.Kind, record.Value, Milliseconds(record.ExpiresAt));

    /// <summary>Lets the expiry of a later record hold.</summary>
    public void Extend(long sequence, long expirySequence, DateTimeOffset? expiresAt) => _extend.Run(sequence, expirySequence, Milliseconds(expiresAt));

    public StoredRevocation? Find(RevocationTargetKind kind, string value) => Read(_find.Query((long)kind, value)) is [var only] ? only : null;

    /// <summary>Gives the revocations of one kind, in the order of their first records.</summary>
    public ImmutableArray<StoredRevocation> Find(RevocationTargetKind kind) => Read(_ofKind.Query((long)kind));

    /// <summary>Gives revocations that were made or made longer after a record, in that order.</summary>
    public ImmutableArray<StoredRevocation> ChangedAfter(long sequence, int countMax) => Read(_changed.Query(sequence, (long)countMax));

    /// <summary>Gives revocations whose first records stand before one, 0 standing for no bound, the latest first.</summary>
    public ImmutableArray<StoredRevocation> Page(long before, int countMax) => Read(_page.Query(before == 0 ? long.MaxValue : before, (long)countMax));

    /// <summary>Tells of every target without reading the records: a million are told in about a second.</summary>
    public long VisitTargets(Action<RevocationTarget> visit)
    {
        var count = 0L;
        using var rows = _targets.Query();
        for (; rows.Read(); count++)
        {
            var end = rows.GetInt64(2);
            visit(new RevocationTarget(
                (RevocationTargetKind)rows.GetInt32(0),
                rows.GetString(1),
                end == Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(end)));
        }

        return count;
    }

    /// <summary>Tells whether a record, first or later, can be found by its target.</summary>
    public bool Holds(long sequence, RevocationRecord record)
    {
        using var rows = _holds.Query(sequence, (long)record.Kind, record.Value);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _extend.Dispose();
        _find.Dispose();
        _ofKind.Dispose();
        _targets.Dispose();
        _changed.Dispose();
        _page.Dispose();
        _holds.Dispose();
    }

    // Rounded up: what is kept must not end before what was acknowledged.
    private static long Milliseconds(DateTimeOffset? expiresAt) =>
        (expiresAt?.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond ?? Never;

    private static ImmutableArray<StoredRevocation> Read(StatementRows rows)
    {
        using (rows)
        {
            var found = ImmutableArray.CreateBuilder<StoredRevocation>();
            while (rows.Read())
            {
                found.Add(ReadOne(rows));
            }

            return found.DrainToImmutable();
        }
    }

    private static StoredRevocation ReadOne(StatementRows rows)
    {
        var (sequence, lastSequence) = (rows.GetInt64(0), rows.GetInt64(2));
        var first = RevocationContent.Read(rows.GetBytes(1));
        return sequence == lastSequence
            ? new StoredRevocation(sequence, lastSequence, first)
            : new StoredRevocation(sequence, lastSequence, first with { ExpiresAt = RevocationContent.Read(rows.GetBytes(3)).ExpiresAt });
    }
}
