using ClawPdp.Core.Encoding;
using ClawPdp.Ledger;
using ClawPdp.Server.Settings;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Telemetry;

/// <summary>How the ledger, the transparency log and the disk below them are.</summary>
internal sealed class LedgerMeter : IMetricSource
{
    private const string DatabaseName = "ledger.db";

    private readonly LedgerStore _ledger;
    private readonly TransparencyLogStore _log;
    private readonly CommitDurations _commits;
    private readonly string _directory;
    private readonly TimeProvider _time;

    public LedgerMeter(LedgerStore ledger, TransparencyLogStore log, CommitDurations commits, ServerSettings settings, TimeProvider time)
    {
        _ledger = ledger;
        _log = log;
        _commits = commits;
        _directory = settings.DataDirectory;
        _time = time;
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Gauge("clawpdp.ledger.up", "1", "1 while the ledger takes records, else 0", () => _ledger.Health.State == LedgerState.Healthy ? 1 : 0),
        Metric.Gauge("clawpdp.ledger.records", "{record}", "Records on disk, which is the sequence of the last", () => _ledger.Health.RecordCount),
        Metric.Gauge("clawpdp.ledger.queue", "{record}", "What waits for the disk: appends that somebody waits for, and decisions that nobody does", ReadQueue, "line"),
        Metric.Histogram("clawpdp.ledger.commit.duration", "How long commits took, the flush of the disk included", _commits.Histogram),
        Metric.Gauge("clawpdp.ledger.commit.under_way", "s", "For how long the commit that is under way has been; 0 while none is", () => _ledger.Health.CommitUnderWayFor.TotalSeconds),
        Metric.Gauge("clawpdp.ledger.error_code", "1", "SQLite's extended result code of the last failure; 0 for none", () => _ledger.Health.LastErrorCode),
        Metric.Counter("clawpdp.decisions.lost", "{decision}", "Decisions in the asynchronous mode whose records were lost", () => _ledger.Health.DecisionsLost),
        Metric.Gauge("clawpdp.ledger.size", "By", "Size of the ledger with its write-ahead log", () => SizeOf(DatabaseName) + SizeOf(DatabaseName + "-wal")),
        Metric.Gauge("clawpdp.log.entries", "{entry}", "Entries that the last checkpoint of the transparency log covers", () => _log.Health.Size),
        Metric.Gauge("clawpdp.log.lag", "{record}", "Records that no checkpoint covers yet", () => Math.Max(0, _ledger.Head.Sequence - _log.Health.LastSequence)),
        Metric.Gauge("clawpdp.log.checkpoint.age", "s", "Age of the last checkpoint; none is made while there is nothing new. Absent before the first", ReadCheckpointAge),
        Metric.Gauge("clawpdp.disk.free", "By", "What is free on the file system of the data directory", ReadFree),
    ];

    private IEnumerable<MetricPoint> ReadQueue()
    {
        var health = _ledger.Health;
        return [MetricPoint.Of(health.QueueLength, "appends"), MetricPoint.Of(health.DecisionQueueLength, "decisions")];
    }

    private IEnumerable<MetricPoint> ReadCheckpointAge() =>
        _log.Snapshot() is { } snapshot && Rfc3339.TryParse(snapshot.Head.PublishedAt, out var publishedAt)
            ? [MetricPoint.Of(Math.Max(0, (_time.GetUtcNow() - publishedAt).TotalSeconds))]
            : [];

    private IEnumerable<MetricPoint> ReadFree()
    {
        try
        {
            return [MetricPoint.Of(new DriveInfo(_directory).AvailableFreeSpace)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private long SizeOf(string name)
    {
        var file = new FileInfo(Path.Combine(_directory, name));
        return file.Exists ? file.Length : 0;
    }
}
