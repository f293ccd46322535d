namespace ClawPdp.Server.Settings;

/// <summary>How the sidecar is watched.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>Gets a value indicating whether the HTTP port serves the metrics as text; the default is that it does.</summary>
    public bool ServesMetrics { get; init; } = true;

    /// <summary>Gets a value indicating whether log lines are JSON objects; by default they are text.</summary>
    public bool LogsJson { get; init; }

    /// <summary>Gets where metrics, spans and log lines are sent to; <see langword="null"/> for nowhere, the default.</summary>
    public OtlpSettings? Otlp { get; init; }
}
