using ClawPdp.Server.Callers;
using ClawPdp.V1;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.Callers;

public sealed class MethodPlanesTests : IClassFixture<RunningSidecar>
{
    private static readonly FileDescriptor[] Contract =
    [
        AuditServiceReflection.Descriptor,
        DecisionServiceReflection.Descriptor,
        PolicyServiceReflection.Descriptor,
        ReceiptServiceReflection.Descriptor,
        RunServiceReflection.Descriptor,
        TokenServiceReflection.Descriptor,
    ];

    private readonly RunningSidecar _sidecar;

    public MethodPlanesTests(RunningSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public void Find_EveryMethodOfTheContract_HasAPlane()
    {
        var methods = Contract.SelectMany(static file => file.Services).SelectMany(static service => service.Methods).ToList();

        Assert.True(methods.Count >= 28);
        Assert.All(methods, static method => Assert.NotEqual(Plane.None, MethodPlanes.Find($"{method.Service.FullName}/{method.Name}")));
    }

    [Theory]
    [InlineData("clawpdp.v1.DecisionService/Forget")]
    [InlineData("clawpdp.v1.DecisionService")]
    [InlineData("")]
    public void Find_NoMethod_HasNone(string name) => Assert.Equal(Plane.None, MethodPlanes.Find(name));

    [Fact]
    public void Endpoints_EveryOneThatDoesAnything_NamesItsPlane()
    {
        var unnamed = _sidecar.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<PlaneRule>() is null)
            .Select(static endpoint => endpoint.RoutePattern.RawText ?? "");

        // What stands for the methods that are not there.
        Assert.All(unnamed, static pattern => Assert.Contains("{unimplemented", pattern, StringComparison.Ordinal));
    }
}
