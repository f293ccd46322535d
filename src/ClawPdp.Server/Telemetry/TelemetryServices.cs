using ClawPdp.Server.Connections;
using ClawPdp.Server.Health;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Telemetry;

/// <summary>Registers what measures, each of which is made when it is first needed.</summary>
internal static class TelemetryServices
{
    /// <summary>Registers it all.</summary>
    public static void AddTo(IServiceCollection services, TelemetrySettings settings)
    {
        services.AddSingleton<CallSpans>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<FailureCounter>();
        services.AddSingleton<DecisionHealthCheck>();
        services.AddSingleton<RecordHealthCheck>();
        services.AddSingleton<IssuanceHealthCheck>();
        services.AddSingleton<TransparencyHealthCheck>();
        services.AddSingleton<FilesHealthCheck>();
        services.AddSingleton<MetricCatalog>();
        services.AddSingleton<DecisionMeter>();
        services.AddSingleton<CallMeter>();
        services.AddSingleton<RefusalMeter>();
        services.AddSingleton<IStartupFilter, RefusalStep>();
        services.AddSingleton<EventMeter>();
        services.AddSingleton<HealthMeter>();
        services.AddSingleton<LedgerMeter>();
        services.AddSingleton<ProcessMeter>();
        services.AddSingleton<TrustMeter>();
        AddSource<ConnectionMeter>(services);
        AddSource<DecisionMeter>(services);
        AddSource<CallMeter>(services);
        AddSource<RefusalMeter>(services);
        AddSource<EventMeter>(services);
        AddSource<FailureCounter>(services);
        AddSource<HealthMeter>(services);
        AddSource<LedgerMeter>(services);
        AddSource<PolicyMeter>(services);
        AddSource<ProcessMeter>(services);
        AddSource<TrustMeter>(services);
        if (settings.Otlp is { } otlp)
        {
            services.AddHostedService(provider => new OtlpExport(otlp, provider.GetRequiredService<MetricCatalog>()));
        }
    }

    private static void AddSource<T>(IServiceCollection services)
        where T : class, IMetricSource => services.AddSingleton<IMetricSource>(static provider => provider.GetRequiredService<T>());
}
