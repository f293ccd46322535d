using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds the spans that model calls opened.</summary>
internal sealed class SpanTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _find;
    private readonly Statement _last;

    public SpanTable(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            "INSERT INTO span VALUES ($run, $span, $segment, $sequence, $time, $phase)",
            "$run",
            "$span",
            "$segment",
            "$sequence",
            "$time",
            "$phase");
        _find = new Statement(
            connection,
            "SELECT span_id, segment, time_ms, phase FROM span WHERE run_id = $run AND span_id = $span",
            "$run",
            "$span");
        _last = new Statement(
            connection,
            "SELECT span_id, segment, time_ms, phase FROM span WHERE run_id = $run AND segment = $segment ORDER BY sequence DESC LIMIT 1",
            "$run",
            "$segment");
    }

    public void Insert(string runId, StoredSpan span, long sequence) =>
        _insert.Run(runId, span.SpanId, (long)span.Segment, sequence, span.Time.ToUnixTimeMilliseconds(), span.Phase);

    /// <summary>Gives a span of a run; <see langword="null"/> when no model call opened it.</summary>
    public StoredSpan? Find(string runId, string spanId) => Read(_find, runId, spanId);

    /// <summary>Gives the span of a segment's last model call; <see langword="null"/> when it has none.</summary>
    public StoredSpan? Last(string runId, int segment) => Read(_last, runId, (long)segment);

    public void Dispose()
    {
        _insert.Dispose();
        _find.Dispose();
        _last.Dispose();
    }

    private static StoredSpan? Read(Statement statement, params ReadOnlySpan<object> values)
    {
        using var rows = statement.Query(values);
        return rows.Read()
            ? new StoredSpan(rows.GetString(0), rows.GetInt32(1), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(2)), rows.GetString(3))
            : null;
    }
}
