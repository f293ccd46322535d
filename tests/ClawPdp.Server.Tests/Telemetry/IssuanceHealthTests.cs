using ClawPdp.V1;
using Grpc.Health.V1;
using HealthService = Grpc.Health.V1.Health;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ClawPdp.Server.Tests.Telemetry;

/// <summary>While an identity provider's keys cannot be had, issuance does not serve, and everything else does.</summary>
public sealed class IssuanceHealthTests
{
    private static readonly string[] Others = ["", "clawpdp.v1.DecisionService", "clawpdp.v1.ReceiptService", "clawpdp.v1.RunService", "clawpdp.v1.PolicyService", "clawpdp.v1.AuditService"];

    [Fact]
    public async Task Health_KeysNeverObtained_IssuanceAloneDoesNotServeUntilTheyAre()
    {
        await using var sidecar = new OutageSidecar(isDown: true);
        await sidecar.InitializeAsync();
        await UntilAsync(sidecar, ServingStatus.NotServing);

        Assert.Equal(ReasonCode.IdpUnavailable, (await sidecar.IssueAsync()).Refusal.ReasonCode);
        await AssertOthersServeAsync(sidecar);
        Assert.Equal(ReasonCode.TokenRequired, (await sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Tool = "github" })).ReasonCode);

        sidecar.Issuer.IsDown = false;
        sidecar.System.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(sidecar, ServingStatus.Serving);
        Assert.NotNull((await sidecar.IssueAsync()).Issued);
    }

    [Fact]
    public async Task Health_KeysPastTheirLimit_IssuanceAloneDoesNotServeUntilTheyAreFetchedAgain()
    {
        await using var sidecar = new OutageSidecar(isDown: false);
        await sidecar.InitializeAsync();
        await UntilAsync(sidecar, ServingStatus.Serving);
        Assert.NotNull((await sidecar.IssueAsync()).Issued);

        // The last good keys serve for a day.
        sidecar.Issuer.IsDown = true;
        sidecar.System.Set(sidecar.System.GetUtcNow().AddHours(23));
        Assert.NotNull((await sidecar.IssueAsync()).Issued);
        Assert.Equal(ServingStatus.Serving, await StatusAsync(sidecar, "clawpdp.v1.TokenService"));

        sidecar.System.Set(sidecar.System.GetUtcNow().AddHours(2));
        Assert.Equal(ServingStatus.NotServing, await StatusAsync(sidecar, "clawpdp.v1.TokenService"));
        Assert.Equal(ReasonCode.IdpKeysStale, (await sidecar.IssueAsync()).Refusal.ReasonCode);
        await AssertOthersServeAsync(sidecar);

        sidecar.Issuer.IsDown = false;
        sidecar.System.Advance(TimeSpan.FromMinutes(20));
        await UntilAsync(sidecar, ServingStatus.Serving);
        var issued = (await sidecar.IssueAsync()).Issued;
        Assert.Equal("ALLOW", await sidecar.Client.AskAsync(issued.Cst, tool: "github"));
    }

    private static async Task AssertOthersServeAsync(OutageSidecar sidecar)
    {
        foreach (var service in Others)
        {
            Assert.Equal((service, ServingStatus.Serving), (service, await StatusAsync(sidecar, service)));
        }
    }

    private static async Task<ServingStatus> StatusAsync(OutageSidecar sidecar, string service)
    {
        using var channel = sidecar.Channel();
        return (await new HealthService.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = service })).Status;
    }

    private static async Task UntilAsync(OutageSidecar sidecar, ServingStatus status)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var look = 0; look < 500 && await StatusAsync(sidecar, "clawpdp.v1.TokenService") != status; look++)
        {
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(status, await StatusAsync(sidecar, "clawpdp.v1.TokenService"));
    }
}
