using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Holders;
using ClawPdp.Engine.Tokens;
using ClawPdp.Identity;
using ClawPdp.Server.Audit;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Connections;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Direct;
using ClawPdp.Server.Documents;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Health;
using ClawPdp.Server.Http;
using ClawPdp.Server.Issuance;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Policies;
using ClawPdp.Server.Receipts;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Runs;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;
using ClawPdp.Server.Time;
using ClawPdp.Server.Transparency;

namespace ClawPdp.Server.Hosting;

/// <summary>Builds the sidecar: settings, listeners, services, endpoints, in that order.</summary>
internal static class SidecarHost
{
    private const string ApplicationName = "clawpdp";

    /// <summary>Builds the application; everything it needs is in order when this returns.</summary>
    /// <param name="settings">The checked settings.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StartFaultException">Something is not in order.</exception>
    public static async Task<WebApplication> BuildAsync(ServerSettings settings, TimeProvider time)
    {
        var loggers = LoggerFactory.Create(logging => Configure(logging, settings));
        try
        {
            return await BuildAsync(settings, time, loggers);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }

    private static async Task<WebApplication> BuildAsync(ServerSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        DiskWork.ReserveThreads();
        var state = await SidecarState.OpenAsync(settings, time, loggers);
        // Nothing but what is asked for: the other builders would read `appsettings.json` and the environment, and watch the whole working
        // directory for changes of that file, of which each write to a ledger below it is one.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = ApplicationName });
        builder.WebHost.UseKestrelCore();
        // The same for all; made by the container, as it sees it, so that the container ends it.
        builder.Services.AddSingleton(_ => loggers);
        var limits = settings.Limits with { ConnectionsMax = DescriptorLimit.ConnectionsOf(settings, loggers.CreateLogger<WebApplication>()) };
        var callers = await OpenAsync(settings with { Limits = limits }, state, time, loggers);
        SidecarListeners.Configure(builder.WebHost, callers, limits);
        AddServices(builder.Services, settings, state, time);
        AddTokens(builder.Services, settings, time);
        builder.Services.AddSingleton(callers.Meter);
        foreach (var watched in callers.Watched)
        {
            builder.Services.AddSingleton(watched);
        }

        GrpcDoors.AddTo(builder.Services);
        ClosedServices.AddTo(builder.Services);
        TelemetryServices.AddTo(builder.Services, settings.Telemetry);
        AddPolicies(builder.Services, state.Policies);
        foreach (var door in settings.Doors)
        {
            door.AddServices(builder.Services);
        }

        DirectServer.Use(builder.Services);
        PacedTransport.Use(builder.Services);
        var app = builder.Build();
        MalformedMessages.Use(app);
        BodyStep.Use(app);
        PlaneGate.Use(app);
        app.MapGrpcService<GrpcDoors>().OnPlaneOfMethod();
        app.MapGrpcHealthChecksService().OnPlane(Plane.Decision);
        JwksEndpoint.Map(app);
        RevocationEndpoints.Map(app);
        if (settings.Telemetry.ServesMetrics)
        {
            MetricsEndpoint.Map(app);
        }

        foreach (var door in settings.Doors)
        {
            door.Map(app);
        }

        return app;
    }

    // Whoever opened the ledger closes it, also when the certificates are not in order.
    private static async Task<CallerSources> OpenAsync(ServerSettings settings, SidecarState state, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            return CallerSources.Open(settings.Listen, settings.Limits, state.Policies.Meter, time, loggers);
        }
        catch
        {
            await state.DisposeAsync();
            throw;
        }
    }

    private static void AddServices(IServiceCollection services, ServerSettings settings, SidecarState state, TimeProvider time)
    {
        services.AddSingleton(settings);
        services.AddSingleton(time);
        services.AddSingleton(state.Ledger);
        services.AddSingleton(state.Keys);
        services.AddSingleton(state.States);
        services.AddSingleton(state.Revocations);
        services.AddSingleton(state.Mappings);
        services.AddSingleton(state.Installation);
        services.AddSingleton(state.TransparencyLog);
        services.AddSingleton(state.Commits);
        services.AddSingleton<IReloadable>(state.Keys);
        services.AddSingleton<IReloadable>(state.Mappings);
        foreach (var issuer in settings.Issuers)
        {
            services.AddSingleton(provider => new IssuerKeySource(issuer, time, provider.GetRequiredService<ILogger<IssuerKeySource>>()));
        }

        services.AddSingleton(static provider => new IdTokenValidator(
            [.. provider.GetServices<IssuerKeySource>()],
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IdTokenValidator>>()));
        services.AddSingleton<LedgerFailureLog>();
        services.AddSingleton<RetryHint>();
        services.AddSingleton<CallGate>();
        services.AddSingleton<OpenCalls>();
        services.AddSingleton<DiskWork>();
        services.AddSingleton<CallInterceptor>();
        services.AddSingleton<CallGuard>();
        services.AddSingleton<DecisionEngine>();
        services.AddSingleton<StrangerTally>();
        services.AddHostedService<StrangerRecorder>();
        services.AddSingleton<DecisionDesk>();
        services.AddSingleton<QuestionDesk>();
        services.AddSingleton<DirectAuthorize>();
        services.AddSingleton<ExplanationDesk>();
        services.AddSingleton<EpochWatch>();
        services.AddSingleton<ReceiptDrafts>();
        services.AddSingleton<ReceiptDesk>();
        services.AddSingleton<RunDesk>();
        // Made by the container, as it sees it, so that the container ends it.
        services.AddSingleton(_ => state.Vault);
        services.AddSingleton(provider => new AgentKeyStore(settings.DataDirectory, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<KeyVault>()));
        services.AddSingleton<ExportDesk>();
        services.AddSingleton<AdminActs>();
        services.AddSingleton<DocumentArchive>();
        services.AddHostedService<ReloadLoop>();
        services.AddHostedService<IssuerLoop>();
        services.AddHostedService<ClockWatch>();
        services.AddHostedService<LedgerProbe>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = SidecarRun.ClosingTimeout(settings));
        services.AddSingleton<LogPublisher>();
        services.AddHostedService(static provider => provider.GetRequiredService<LogPublisher>());
        services.AddGrpc(static options =>
        {
            options.MaxReceiveMessageSize = RequestLimits.MessageMax;
            options.EnableDetailedErrors = false;
            options.Interceptors.Add<CallInterceptor>();
        });
        services.AddGrpcHealthChecks(HealthNames.Map).AddCheck<DecisionHealthCheck>(HealthNames.Decision).AddCheck<RecordHealthCheck>(HealthNames.Record).AddCheck<IssuanceHealthCheck>(HealthNames.Issuance).AddCheck<TransparencyHealthCheck>(HealthNames.Transparency).AddCheck<FilesHealthCheck>(HealthNames.Files);
    }

    private static void AddTokens(IServiceCollection services, ServerSettings settings, TimeProvider time)
    {
        services.AddSingleton(new BodyBudget(settings.Limits.BodySizeMaxBytes));
        // Made now: what was proved before this instant may have been used before, and what comes after is remembered.
        services.AddSingleton(new ProofRules(settings.Limits.ProofAgeMax, time.GetUtcNow()));
        services.AddSingleton<ControlAccess>();
        services.AddSingleton<RevocationFeed>();
        services.AddSingleton<RevocationWatch>();
        services.AddSingleton<RevocationDesk>();
        services.AddHostedService<RevocationSweep>();
        services.AddSingleton<LedgerLineages>();
        services.AddSingleton<ILineageSource>(static provider => provider.GetRequiredService<LedgerLineages>());
        services.AddSingleton<TokenMint>();
        services.AddSingleton<CstIssuer>();
        services.AddSingleton<CstDelegator>();
    }

    private static void AddPolicies(IServiceCollection services, PolicyState policies)
    {
        services.AddSingleton(policies.Library);
        services.AddSingleton(policies.Activations);
        // Made by the container, so that it ends them.
        services.AddSingleton(_ => policies.Desk);
        services.AddSingleton(_ => policies.Shadows);
        services.AddSingleton(_ => policies.Meter);
        services.AddSingleton(policies.Tokens);
        foreach (var watched in policies.Watched)
        {
            services.AddSingleton(watched);
        }
    }

    private static void Configure(ILoggingBuilder logging, ServerSettings settings)
    {
        logging.SetMinimumLevel(settings.LogLevel);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // The pipeline would log every malformed message with its stack; our own interceptor logs what is worth a line.
        logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);
        logging.AddFilter("Grpc", LogLevel.Warning);
        // Whoever asks for the health gets the answer; a line for each that is bad would be one a second.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // While it is heard, the host makes an activity of each request for its lines; the calls are logged by our own interceptor.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A line for each connection that is refused would make a flood of connections one of lines.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Error);
        LogOutput.Configure(logging, settings.Telemetry);
    }
}
