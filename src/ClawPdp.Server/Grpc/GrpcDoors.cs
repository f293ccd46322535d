using Grpc.AspNetCore.Server.Model;

namespace ClawPdp.Server.Grpc;

/// <summary>Every gRPC service of the contract, each made when it is first called.</summary>
internal sealed class GrpcDoors
{
    private readonly IServiceProvider _provider;

    public GrpcDoors(IServiceProvider provider) => _provider = provider;

    public DecisionGrpcService Decisions => field ??= _provider.GetRequiredService<DecisionGrpcService>();

    public TokenGrpcService Tokens => field ??= _provider.GetRequiredService<TokenGrpcService>();

    public ReceiptGrpcService Receipts => field ??= _provider.GetRequiredService<ReceiptGrpcService>();

    public PolicyGrpcService Policies => field ??= _provider.GetRequiredService<PolicyGrpcService>();

    public RunGrpcService Runs => field ??= _provider.GetRequiredService<RunGrpcService>();

    public AuditGrpcService Audits => field ??= _provider.GetRequiredService<AuditGrpcService>();

    /// <summary>Registers the services and their methods.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<DecisionGrpcService>();
        services.AddSingleton<TokenGrpcService>();
        services.AddSingleton<ReceiptGrpcService>();
        services.AddSingleton<PolicyGrpcService>();
        services.AddSingleton<RunGrpcService>();
        services.AddSingleton<AuditGrpcService>();
        services.AddSingleton<GrpcDoors>();
        services.AddSingleton<IServiceMethodProvider<GrpcDoors>, GrpcMethods>();
    }
}
