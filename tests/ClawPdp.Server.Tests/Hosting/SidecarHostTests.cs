using ClawPdp.V1;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.Hosting;

/// <summary>What the host is made of.</summary>
public sealed class SidecarHostTests : IClassFixture<RunningSidecar>
{
    private readonly RunningSidecar _sidecar;

    public SidecarHostTests(RunningSidecar sidecar) => _sidecar = sidecar;

    public static TheoryData<string> Services => new(Contract.Keys);

    private static Dictionary<string, Google.Protobuf.Reflection.ServiceDescriptor> Contract { get; } = new[]
    {
        DecisionService.Descriptor, TokenService.Descriptor, ReceiptService.Descriptor, PolicyService.Descriptor, RunService.Descriptor, AuditService.Descriptor,
    }.ToDictionary(static service => service.FullName, StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Services))]
    public void BuildAsync_EveryMethodOfTheContract_IsMappedAsItIsDeclared(string service)
    {
        var mapped = _sidecar.Services.GetServices<EndpointDataSource>()
            .SelectMany(static source => source.Endpoints)
            .Select(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method)
            .OfType<IMethod>()
            .Where(method => string.Equals(method.ServiceName, service, StringComparison.Ordinal))
            .Select(static method => (method.FullName, method.Type, Messages: string.Join(',', method.GetType().GenericTypeArguments.Select(static type => type.Name))))
            .Order();

        Assert.Equal(Contract[service].Methods.Select(static method => ($"/{method.Service.FullName}/{method.Name}", TypeOf(method), $"{method.InputType.Name},{method.OutputType.Name}")).Order(), mapped);
    }

    [Fact]
    public void BuildAsync_SettingsOfTheWebServer_AreReadFromNoFileAndNotFromTheEnvironment()
    {
        var root = Assert.IsType<IConfigurationRoot>(_sidecar.Services.GetRequiredService<IConfiguration>(), exactMatch: false);

        Assert.DoesNotContain(root.Providers, static provider => provider is FileConfigurationProvider);
        Assert.Null(root["PATH"]);
    }

    private static MethodType TypeOf(MethodDescriptor method) => (method.IsClientStreaming, method.IsServerStreaming) switch
    {
        (true, true) => MethodType.DuplexStreaming,
        (true, false) => MethodType.ClientStreaming,
        (false, true) => MethodType.ServerStreaming,
        _ => MethodType.Unary,
    };
}
