using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Writing;

/// <summary>
/// The runs that were written to last, so that each further record of one needs no reading. Only this writer writes, so what it wrote is
/// what is there, until something is rolled back: then all is forgotten and read anew. Used by the writer's thread alone.
/// </summary>
internal sealed class RunCursors
{
    // A kilobyte each. Where more runs are written to in turns, they are read as often as they come.
    private const int CountMax = 1024;

    private readonly LedgerTables _tables;
    private readonly Dictionary<string, RunCursor> _known = new(StringComparer.Ordinal);

    /// <param name="tables">The writer's tables.</param>
    public RunCursors(LedgerTables tables) => _tables = tables;

    /// <summary>Gives a run; <see langword="null"/> when none of that id was started.</summary>
    /// <exception cref="LedgerException">Its records are damaged.</exception>
    public RunCursor? Find(string runId)
    {
        if (_known.TryGetValue(runId, out var known))
        {
            return known;
        }

        if (_tables.Runs.Find(runId) is not var (start, finishSequence))
        {
            return null;
        }

        var last = _tables.Events.Last(runId) is { } stored ? EventContent.Read(stored.Content) : null;
        return Keep(runId, new RunCursor(RunContent.Read(start.Content).AgentDid, finishSequence > 0, last));
    }

    /// <summary>Gives a run without reading; <see langword="null"/> when it is not known here.</summary>
    public RunCursor? FindKnown(string runId) => _known.GetValueOrDefault(runId);

    /// <summary>Gives the span of a segment's last model call; <see langword="null"/> when there is none.</summary>
    public StoredSpan? LastSpan(string runId, int segment)
    {
        if (Find(runId) is not { } run)
        {
            return null;
        }

        return run.SpanSegment == segment
            ? run.LastSpan
            : Keep(runId, run with { SpanSegment = segment, LastSpan = _tables.Spans.Last(runId, segment) }).LastSpan;
    }

    /// <summary>Keeps a run as it stands now.</summary>
    public RunCursor Keep(string runId, RunCursor cursor)
    {
        if (_known.Count >= CountMax && !_known.ContainsKey(runId))
        {
            _known.Clear();
        }

        _known[runId] = cursor;
        return cursor;
    }

    /// <summary>Forgets all, after anything was rolled back.</summary>
    public void Forget() => _known.Clear();
}
