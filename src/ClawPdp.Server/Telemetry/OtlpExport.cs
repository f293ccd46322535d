using ClawPdp.Server.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ClawPdp.Server.Telemetry;

/// <summary>Sends metrics and spans to the collector, on threads of its own. A collector that is slow or gone takes nothing from those who ask.</summary>
internal sealed class OtlpExport : IHostedService, IDisposable
{
    private const int LastFlushMilliseconds = 1_000;

    private readonly OtlpSettings _settings;
    private readonly MetricCatalog _catalog;
    private MeterBridge? _bridge;
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public OtlpExport(OtlpSettings settings, MetricCatalog catalog)
    {
        _settings = settings;
        _catalog = catalog;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var headers = OtlpOptions.ReadHeaders(_settings.HeadersPath);
        if (_settings.Signals.Contains("metrics", StringComparer.Ordinal))
        {
            _metrics = SendMetrics(headers);
            _bridge = new MeterBridge(_catalog);
        }

        if (_settings.Signals.Contains("traces", StringComparer.Ordinal))
        {
            _traces = SendTraces(headers);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The last numbers, as long as there is time.
        await Task.Run(
            () =>
            {
                _ = _metrics?.Shutdown(LastFlushMilliseconds);
                _ = _traces?.Shutdown(LastFlushMilliseconds);
            },
            CancellationToken.None).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
        _bridge?.Dispose();
    }

    private MeterProvider SendMetrics(string headers)
    {
        var exporter = new OtlpMetricExporter(OtlpOptions.Of(_settings, headers, "metrics"));
        var reader = new PeriodicExportingMetricReader(exporter, (int)_settings.Interval.TotalMilliseconds);
        return Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(OtlpOptions.Resource())
            .AddMeter(MeterBridge.MeterName)
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddReader(reader)
            .Build();
    }

    private TracerProvider SendTraces(string headers) => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(OtlpOptions.Resource())
        .AddSource(CallSpans.SourceName)
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(_settings.SampleRatio)))
        .AddProcessor(new BatchActivityExportProcessor(new OtlpTraceExporter(OtlpOptions.Of(_settings, headers, "traces"))))
        .Build();
}
