using ClawPdp.Server.Doors.Web;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.Web;

/// <summary>What the doors for browsers and plain HTTP lead to.</summary>
public sealed class AgentMethodsTests
{
    // No agent's business, or not to be had by HTTP/1.1.
    private static readonly string[] LeftOut =
    [
        "/clawpdp.v1.DecisionService/AuthorizeStream",
        "/clawpdp.v1.TokenService/RevokeCst",
        "/clawpdp.v1.TokenService/ListRevocations",
        "/clawpdp.v1.TokenService/WatchRevocations",
    ];

    [Fact]
    public void Paths_AreThoseOfTheServicesOfAgentsButForWhatIsLeftOut()
    {
        var methods = new[] { DecisionService.Descriptor, TokenService.Descriptor, ReceiptService.Descriptor, RunService.Descriptor }
            .SelectMany(static service => service.Methods, static (service, method) => $"/{service.FullName}/{method.Name}");

        Assert.Equal(methods.Except(LeftOut).Order(StringComparer.Ordinal), AgentMethods.Paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TryFind_EachPath_IsTheMethodOfThatName() => Assert.All(AgentMethods.Paths, static path =>
    {
        Assert.True(AgentMethods.TryFind(path, out var method));
        Assert.Equal(path, $"/{method?.Descriptor.Service.FullName}/{method?.Descriptor.Name}");
    });
}
