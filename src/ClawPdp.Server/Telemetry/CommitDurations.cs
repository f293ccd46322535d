namespace ClawPdp.Server.Telemetry;

/// <summary>How long the ledger's commits take; made before the ledger, which tells it.</summary>
internal sealed class CommitDurations
{
    public CommitDurations(TimeProvider time) => Histogram = new DurationHistogram(label: null, SeriesNames.Of(""), time);

    /// <summary>Gets the durations.</summary>
    public DurationHistogram Histogram { get; }

    /// <summary>Takes the duration of a commit.</summary>
    public void Take(TimeSpan duration) => Histogram.Record(0, duration);
}
