using System.Diagnostics.CodeAnalysis;
using ClawPdp.Identity;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Health;
using ClawPdp.Server.Http;
using ClawPdp.Server.Receipts;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Time;
using ClawPdp.Server.Transparency;
using Grpc.AspNetCore.HealthChecks;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ClawPdp.Server.Hosting;

/// <summary>
/// Loggers and options by their very types. The container can make each of its open generic ones; in a native build such a type is put
/// together at run time, about a millisecond each. What is missing here costs that and works.
/// </summary>
internal static class ClosedServices
{
    /// <summary>Registers them.</summary>
    public static void AddTo(IServiceCollection services)
    {
        AddLogger<AdminActs>(services);
        AddLogger<Caller>(services);
        AddLogger<CallGuard>(services);
        AddLogger<CallInterceptor>(services);
        AddLogger<ClockWatch>(services);
        AddLogger<ControlAccess>(services);
        AddLogger<DecisionDesk>(services);
        AddLogger<ExplanationDesk>(services);
        AddLogger<IdTokenValidator>(services);
        AddLogger<IssuerKeySource>(services);
        AddLogger<LedgerFailureLog>(services);
        AddLogger<LogPublisher>(services);
        AddLogger<ReceiptDesk>(services);
        AddLogger<ReloadLoop>(services);
        AddLogger<StrangerRecorder>(services);
        AddOptions<ConsoleLifetimeOptions>(services);
        AddOptions<GrpcHealthChecksOptions>(services);
        AddOptions<GrpcServiceOptions>(services);
        AddOptions<GrpcServiceOptions<GrpcDoors>>(services);
        AddOptions<HealthCheckPublisherOptions>(services);
        AddOptions<HealthCheckServiceOptions>(services);
        AddOptions<HostOptions>(services);
        AddOptions<KestrelServerOptions>(services);
        AddOptions<RouteOptions>(services);
        AddOptions<SocketTransportOptions>(services);
    }

    private static void AddLogger<T>(IServiceCollection services) =>
        services.AddSingleton<ILogger<T>>(static provider => new Logger<T>(provider.GetRequiredService<ILoggerFactory>()));

    private static void AddOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(IServiceCollection services)
        where T : class, new() =>
        services.AddSingleton<IOptions<T>>(static provider => new OptionsManager<T>(new OptionsFactory<T>(
            provider.GetServices<IConfigureOptions<T>>(),
            provider.GetServices<IPostConfigureOptions<T>>(),
            provider.GetServices<IValidateOptions<T>>())));
}
