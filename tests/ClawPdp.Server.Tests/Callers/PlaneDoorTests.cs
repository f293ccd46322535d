using System.Globalization;
using System.Net;
using ClawPdp.Ledger;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Telemetry;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using HealthService = Grpc.Health.V1.Health;

namespace ClawPdp.Server.Tests.Callers;

public sealed class PlaneDoorTests : IClassFixture<CallersSidecar>
{
    private static readonly RevokeCstRequest Revocation = new() { Jti = "some-token", Reason = "lost laptop" };

    private readonly CallersSidecar _sidecar;

    public PlaneDoorTests(CallersSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public async Task Decision_WhereItIsCarried_IsAnsweredAndNowhereElse()
    {
        using var deciding = _sidecar.OpenSocket("deciding.sock");
        using var issuing = _sidecar.OpenSocket("issuing.sock");

        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(deciding)).ReasonCode);

        // The direct way to a decision, and the one through the pipeline.
        await RefusedAsync("the plane decision is not served on the listener issuing", () => AskAsync(issuing));
        await RefusedAsync("the plane decision", async () => await new DecisionService.DecisionServiceClient(issuing).AuthorizeBatchAsync(new AuthorizeBatchRequest()));
        await RefusedAsync("the plane decision", async () => await new HealthService.HealthClient(issuing).CheckAsync(new HealthCheckRequest()));
    }

    [Fact]
    public async Task Refusal_OfAPlaneOrForWantOfAToken_IsCountedByItsCode()
    {
        using var issuing = _sidecar.OpenSocket("issuing.sock");
        var before = CountOf("PLANE_NOT_SERVED");

        await RefusedAsync("the plane decision", () => AskAsync(issuing));

        Assert.Equal(before + 1, CountOf("PLANE_NOT_SERVED"));
    }

    [Fact]
    public async Task Issuance_WhereItIsCarried_IsAnsweredAndNowhereElse()
    {
        using var deciding = _sidecar.OpenSocket("deciding.sock");
        using var issuing = _sidecar.OpenSocket("issuing.sock");
        var request = new IssueCstRequest { AgentDid = _sidecar.Client.AgentDid, Audiences = { "clawpdp" } };

        Assert.Equal(ReasonCode.IdTokenRequired, (await new TokenService.TokenServiceClient(issuing).IssueCstAsync(request)).Refusal.ReasonCode);
        await RefusedAsync("the plane issuance is not served on the listener deciding", async () => await new TokenService.TokenServiceClient(deciding).IssueCstAsync(request));
    }

    [Theory]
    [InlineData("deciding.sock")]
    [InlineData("issuing.sock")]
    public async Task Admin_WhereItIsNotCarried_IsRefused(string socket)
    {
        using var channel = _sidecar.OpenSocket(socket);

        await RefusedAsync("the plane admin", async () => await new TokenService.TokenServiceClient(channel).RevokeCstAsync(Revocation));
        await RefusedAsync("the plane admin", async () => await new PolicyService.PolicyServiceClient(channel).PutPolicyAsync(new PutPolicyRequest()));
        await RefusedAsync("the plane admin", async () => await new PolicyService.PolicyServiceClient(channel).ActivatePolicyAsync(new ActivatePolicyRequest()));
        await RefusedAsync("the plane admin", async () => await new AuditService.AuditServiceClient(channel).CreateAgentKeyAsync(new CreateAgentKeyRequest()));
        await RefusedAsync("the plane admin", async () =>
        {
            using var call = new AuditService.AuditServiceClient(channel).ExportRun(new ExportRunRequest { RunId = "r" });
            await call.ResponseStream.MoveNext(CancellationToken.None);
        });
    }

    [Fact]
    public async Task Admin_ShortFormsSocket_IsRefused()
    {
        using var channel = CallersSidecar.Open(Cli.SidecarAddress.Of("unix:" + _sidecar.Settings.Listen.UnixSocketPath));

        Assert.Equal(ReasonCode.TokenRequired, (await AskAsync(channel)).ReasonCode);
        await RefusedAsync("the plane admin is not served on the listener unix_socket", async () => await new TokenService.TokenServiceClient(channel).RevokeCstAsync(Revocation));
    }

    [Fact]
    public async Task AdminSocket_Revocation_NamesWhoAndWhy()
    {
        using var channel = _sidecar.OpenAdmin();
        var client = new TokenService.TokenServiceClient(channel);
        var request = new RevokeCstRequest { MissionId = "mission-of-this-test", Reason = "lost laptop" };

        var first = await client.RevokeCstAsync(request);
        var second = await client.RevokeCstAsync(request);

        var identity = string.Create(CultureInfo.InvariantCulture, $"uid:{OwnUser.Id} pid:{Environment.ProcessId}");
        Assert.Equal((RevocationStatus.Revoked, RevocationStatus.AlreadyRevoked), (first.Revocation.Status, second.Revocation.Status));
        var record = Assert.Single(_sidecar.Records(RecordKind.Revocation), static text => text.Contains("mission-of-this-test", StringComparison.Ordinal));
        Assert.Contains($"\"revoked_by\":\"{identity}\"", record, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"lost laptop\"", record, StringComparison.Ordinal);

        // The second changed nothing, and is an act all the same.
        var act = Assert.Single(_sidecar.Records(RecordKind.Act), text => text.Contains(first.Revocation.RevocationId, StringComparison.Ordinal));
        Assert.Contains($"\"by\":\"{identity}\",\"listener\":\"admin_socket\",\"uid\":{OwnUser.Id},\"pid\":{Environment.ProcessId}", act, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdminSocket_Activation_IsRecordedBeforeItIsDone()
    {
        using var channel = _sidecar.OpenAdmin();
        var client = new PolicyService.PolicyServiceClient(channel);

        var done = await client.ActivatePolicyAsync(new ActivatePolicyRequest { PolicyHashB64U = _sidecar.Installation.PolicyHash, Reason = "again" });
        var refused = await client.ActivatePolicyAsync(new ActivatePolicyRequest { PolicyHashB64U = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" });

        Assert.NotNull(done.Activated);
        Assert.Equal(ReasonCode.WpcNotFound, refused.Refusal.ReasonCode);
        var acts = _sidecar.Records(RecordKind.Act).Where(static text => text.Contains("\"ActivatePolicy\"", StringComparison.Ordinal)).ToList();
        Assert.Contains(acts, text => text.Contains($"\"target\":\"{_sidecar.Installation.PolicyHash}\",\"reason\":\"again\"", StringComparison.Ordinal));
        var named = acts.Single(static text => text.Contains("47DEQpj8HBSa", StringComparison.Ordinal));
        var refusal = Assert.Single(_sidecar.Records(RecordKind.Refusal), static text => text.Contains("\"ActivatePolicy\"", StringComparison.Ordinal));
        Assert.Contains("\"WPC_NOT_FOUND\"", refusal, StringComparison.Ordinal);
        var actId = named[(named.IndexOf("act_", 10, StringComparison.Ordinal))..named.IndexOf("\",\"acted_at", StringComparison.Ordinal)];
        Assert.Contains(actId, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_IsRecordedWithTheReasonOfTheHeader()
    {
        using var channel = _sidecar.OpenAdmin();
        using var call = new AuditService.AuditServiceClient(channel).ExportRun(new ExportRunRequest { RunId = "run-nobody-knows" }, new Metadata { { AdminActs.ReasonHeader, "audit of 2026" } });

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Contains(_sidecar.Records(RecordKind.Act), static text => text.Contains("\"ExportRun\",\"target\":\"run-nobody-knows\",\"reason\":\"audit of 2026\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unknown_MethodsAndPaths_AreNotThere()
    {
        using var http = new HttpClient();
        var method = new Method<Google.Protobuf.WellKnownTypes.Empty, Google.Protobuf.WellKnownTypes.Empty>(MethodType.Unary, "clawpdp.v1.DecisionService", "Forget", Form(), Form());
        using var channel = _sidecar.OpenAdmin();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(method, host: null, default, new Google.Protobuf.WellKnownTypes.Empty()));

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(_sidecar.HttpAddress + "/v1/nothing"))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.GetAsync(new Uri(_sidecar.HttpAddress + "/access/v1/evaluation"))).StatusCode);
    }

    private static Marshaller<Google.Protobuf.WellKnownTypes.Empty> Form() => new(static _ => [], static _ => new Google.Protobuf.WellKnownTypes.Empty());

    private static async Task<AuthorizeResponse> AskAsync(GrpcChannel channel) =>
        await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest { Tool = "github" });

    private static async Task RefusedAsync(string message, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(call);

        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
        Assert.StartsWith("PLANE_NOT_SERVED: " + message, failure.Status.Detail, StringComparison.Ordinal);
    }

    private double CountOf(string code) =>
        _sidecar.Services.GetRequiredService<RefusalMeter>().Metrics.Single().Read().Where(point => point.Labels[1] == code).Sum(static point => point.Value);
}
