using System.Text;
using ClawPdp.Audit;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Crypto.Verification;
using ClawPdp.Server.Demo;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClawPdp.Server.Tests;

[Trait("Door", "published")]
public sealed class DelegationDoorTests : IClassFixture<RunningSidecar>
{
    private const string Other = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly RunningSidecar _sidecar;

    public DelegationDoorTests(RunningSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public async Task IssueCst_FromAParent_GivesANarrowerTokenWithTheChainInItsClaims()
    {
        var parent = await _sidecar.TokenOfAsync("alice");
        var above = (await IntrospectAsync(parent)).Claims;

        var issued = (await DelegateAsync(parent, static request =>
        {
            request.Narrowing = new Narrowing { Tools = List("github"), Models = List("gpt-4o"), Egress = List("wiki.atlassian.net") };
            request.RequestedTtl = Duration.FromTimeSpan(TimeSpan.FromSeconds(60));
            request.MissionId = "mission-1";
        })).Issued;
        var claims = (await IntrospectAsync(issued.Cst)).Claims;

        Assert.Equal(["github"], claims.Tools);
        Assert.Equal(["wiki.atlassian.net"], claims.Egress);
        Assert.Equal(60, claims.ExpiresAt.Seconds - claims.IssuedAt.Seconds);
        Assert.Equal((Other, above.Subject, Other, above.Subject), (claims.Subject, claims.DelegatorDid, claims.DelegateDid, claims.OwnerDid));
        Assert.Equal((above.Subject, Other, "canonical", "mission-1"), (claims.ControllerDid, claims.AgentDid, claims.TokenLane, claims.MissionId));
        Assert.Equal((above.PolicyHashB64U, above.PolicyHashB64U, above.OwnerRef), (claims.PolicyHashB64U, claims.DelegationPolicyHashB64U, claims.OwnerRef));
        Assert.Equal((issued.DelegationId, claims.ExpiresAt), (claims.DelegationId, claims.DelegationExpiresAt));
        Assert.Equal(issued.TokenScopeHashB64U, claims.TokenScopeHashB64U);
        Assert.Equal("ALLOW", await _sidecar.Client.AskAsync(issued.Cst, tool: "github"));
        Assert.Equal("TOOL_NOT_ALLOWED", await _sidecar.Client.AskAsync(issued.Cst, tool: "argo-cd"));
    }

    [Fact]
    public async Task IssueCst_FromAParent_SignsADelegationReceiptAboutItsRecord()
    {
        var parent = await _sidecar.TokenOfAsync("alice");

        var issued = (await DelegateAsync(parent, static request => request.TaskDescriptionHashB64U = Hash)).Issued;
        var receipt = JsonReader.Parse(issued.DelegationReceiptJson.Span, 1 << 16).Value;
        var record = JsonReader.Parse(issued.IssuanceRecordJson.Span, 1 << 16).Value;
        var verdict = EnvelopeVerifier.Verify(receipt, [receipt.FindText("signer_did") ?? ""], DateTimeOffset.UtcNow);

        Assert.True(verdict.IsValid, verdict.Message);
        Assert.Equal("delegation_receipt", verdict.EnvelopeType);
        Assert.Equal(record.FindText("signer_did"), receipt.FindText("signer_did"));
        Assert.Equal(record.FindText("payload_hash_b64u"), receipt.Find("payload")?.FindText("delegate_bundle_hash_b64u"));
        Assert.Equal(Hash, receipt.Find("payload")?.FindText("task_description_hash_b64u"));
        Assert.Equal(Sha256.Hex(parent), record.Find("payload")?.Find("parent")?.FindText("token_hash"));
        Assert.Null(record.Find("payload")?.Find("identity"));
        Assert.DoesNotContain(issued.Cst, Encoding.UTF8.GetString(issued.IssuanceRecordJson.Span), StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<IssueCstRequest>, ReasonCode, string> Exceeding => new()
    {
        { "tool", static request => request.Narrowing = new Narrowing { Tools = List("splunk") }, ReasonCode.DelegationScopeExceeded, "splunk" },
        { "tool below", static request => request.Narrowing = new Narrowing { Tools = List("github/*") }, ReasonCode.DelegationScopeExceeded, "github/*" },
        { "model", static request => request.Narrowing = new Narrowing { Models = List("gpt-4*") }, ReasonCode.DelegationScopeExceeded, "gpt-4*" },
        { "host", static request => request.Narrowing = new Narrowing { Egress = List("*.api.github.com") }, ReasonCode.DelegationScopeExceeded, "*.api.github.com" },
        { "plain scope", static request => request.Narrowing = new Narrowing { Scopes = List("proxy:call") }, ReasonCode.DelegationScopeExceeded, "proxy:call" },
        { "pin", static request => request.PolicyHashB64U = Hash, ReasonCode.DelegationPolicyMismatch, "" },
        { "audience", static request => request.Audiences[0] = "elsewhere", ReasonCode.AudienceNotAllowed, "elsewhere" },
        { "owner", static request => (request.OwnerDid, request.ControllerDid) = ("did:web:other", "did:web:other"), ReasonCode.OwnerDidInvalid, "" },
        { "group", static request => request.Group = "platform-engineers", ReasonCode.RequestInvalid, "" },
        { "agent", static request => request.AgentDid = "nobody", ReasonCode.AgentDidInvalid, "" },
        { "lifetime", static request => request.RequestedTtl = Duration.FromTimeSpan(TimeSpan.Zero), ReasonCode.InvalidTtl, "" },
        { "nothing", static request => request.Narrowing = new Narrowing { Tools = List(), Models = List(), Egress = List(), Scopes = List() }, ReasonCode.ScopeEmpty, "" },
        { "task", static request => request.TaskDescriptionHashB64U = Hash[1..], ReasonCode.ReceiptInvalid, "" },
    };

    [Theory]
    [MemberData(nameof(Exceeding))]
    public async Task IssueCst_ChildBeyondItsParent_IsRefusedAndNamesWhat(string what, Action<IssueCstRequest> change, ReasonCode reason, string item)
    {
        var refusal = (await DelegateAsync(await _sidecar.TokenOfAsync("alice"), change)).Refusal;

        Assert.True(refusal is not null, what);
        Assert.Equal((reason, item), (refusal.ReasonCode, refusal.OffendingItem));
    }

    [Fact]
    public async Task IssueCst_GrandchildBeyondItsParent_IsRefusedThoughTheRootHadIt()
    {
        var child = (await DelegateAsync(await _sidecar.TokenOfAsync("alice"), static request =>
        {
            request.Narrowing = new Narrowing { Tools = List("github") };
            request.SpendCap = 5;
            request.DelegationSpendCapMinor = "0500";
            request.MissionId = "mission-1";
        })).Issued;

        Assert.Equal(ReasonCode.DelegationScopeExceeded, (await DelegateAsync(child.Cst, static request => request.Narrowing = new Narrowing { Tools = List("argo-cd") })).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.DelegationScopeExceeded, (await DelegateAsync(child.Cst, static request => request.MissionId = "mission-2")).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.DelegationSpendCapExceeded, (await DelegateAsync(child.Cst, static request => request.SpendCap = 5.01)).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.DelegationSpendCapExceeded, (await DelegateAsync(child.Cst, static request => request.DelegationSpendCapMinor = "501")).Refusal.ReasonCode);
        Assert.Equal(ReasonCode.SpendCapInvalid, (await DelegateAsync(child.Cst, static request => request.DelegationSpendCapMinor = "5e1")).Refusal.ReasonCode);
        var grandchild = (await DelegateAsync(child.Cst, static request => (request.SpendCap, request.DelegationSpendCapMinor) = (5, "500"))).Issued;
        Assert.Equal((5d, "500", "mission-1"), await ClaimsAsync(grandchild.Cst));
        Assert.Equal((5d, "0500", "mission-1"), await ClaimsAsync((await DelegateAsync(child.Cst)).Issued.Cst));
    }

    [Fact]
    public async Task IssueCst_AskedForLonger_EndsWithItsParent()
    {
        var parent = (await _sidecar.Client.IssueAsync(await _sidecar.Client.SignInAsync("alice"), lifetimeSeconds: 100)).Issued;

        var child = (await DelegateAsync(parent.Cst, static request => request.RequestedTtl = Duration.FromTimeSpan(TimeSpan.FromHours(1)))).Issued;

        Assert.Equal(parent.ExpiresAt, child.ExpiresAt);
    }

    [Fact]
    public async Task IssueCst_KeyOfTheParentEndsSooner_EndsWithIt()
    {
        await using var sidecar = new QuickSidecar();
        await sidecar.InitializeAsync();
        var parent = (await sidecar.Client.IssueAsync(await sidecar.Client.SignInAsync("alice"), lifetimeSeconds: 3000)).Issued;
        new KeyStore(sidecar.Installation.DataDirectory, TimeProvider.System).Rotate(KeyPurpose.Token, TimeSpan.FromSeconds(300));
        for (var end = DateTime.UtcNow.AddSeconds(20); ; await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken))
        {
            var child = (await DelegateAsync(sidecar, parent.Cst, static request => request.RequestedTtl = Duration.FromTimeSpan(TimeSpan.FromHours(1)))).Issued;
            if (child.Kid != parent.Kid)
            {
                Assert.InRange(child.ExpiresAt.Seconds - child.IssuedAt.Seconds, 200, 300);
                return;
            }

            Assert.True(DateTime.UtcNow < end, "the new key is not taken up");
        }
    }

    [Theory]
    [InlineData(" mission")]
    [InlineData("mission ")]
    [InlineData(" ")]
    public async Task IssueCst_MissionThatCouldBeSpeltOtherwise_IsInvalid(string mission)
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var failure = await Assert.ThrowsAsync<RpcException>(() => DelegateAsync(token, request => request.MissionId = mission));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Fact]
    public async Task IssueCst_DeeperThanAllowed_IsRefused()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        for (var depth = 1; depth <= 3; depth++)
        {
            token = (await DelegateAsync(token)).Issued.Cst;
        }

        Assert.Equal("ALLOW", await _sidecar.Client.AskAsync(token, tool: "github"));
        Assert.Equal(ReasonCode.DelegationDepthExceeded, (await DelegateAsync(token)).Refusal.ReasonCode);
    }

    public static TheoryData<string> Revoked => new("text", "token_hash", "jti", "subject", "owner_ref", "kid", "mission_id", "issued_before");

    [Theory]
    [MemberData(nameof(Revoked))]
    public async Task RevokeCst_OfAParent_EndsItsChildrenOnOpenStreamsAndEverywhere(string by)
    {
        // A sidecar of its own: some of these end every token.
        await using var sidecar = new RunningSidecar();
        await sidecar.InitializeAsync();
        var parent = (await sidecar.Client.IssueAsync(await sidecar.Client.SignInAsync("alice"))).Issued;
        var middle = (await DelegateAsync(sidecar, parent.Cst, static request => request.MissionId = "mission-7")).Issued;
        var child = (await DelegateAsync(sidecar, middle.Cst)).Issued;
        using var channel = sidecar.Channel();
        using var stream = new DecisionService.DecisionServiceClient(channel).AuthorizeStream();
        Assert.Equal(ReasonCode.Allowed, await AskAsync(stream, child.Cst));

        await sidecar.Client.Tokens.RevokeCstAsync(RequestOf(by, parent, sidecar.Client.AgentDid));

        Assert.Equal(ReasonCode.TokenRevoked, await AskAsync(stream, child.Cst));
        Assert.Equal("TOKEN_REVOKED", await sidecar.Client.AskAsync(child.Cst, tool: "github"));
        var introspected = await sidecar.Client.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = child.Cst });
        Assert.Equal((false, ReasonCode.TokenRevoked), (introspected.Active, introspected.ReasonCode));
        Assert.NotNull(introspected.RevokedAt);
        Assert.Equal(ReasonCode.DelegationRevoked, (await DelegateAsync(sidecar, child.Cst)).Refusal.ReasonCode);
        var receipt = await sidecar.Client.Receipts.SignReceiptAsync(Receipt(child.Cst, "run-revoked"));
        Assert.Equal(ReasonCode.TokenRevoked, receipt.Refusal.ReasonCode);
    }

    [Fact]
    public async Task RevokeCst_OfAChild_LeavesItsParentAndSiblings()
    {
        var parent = await _sidecar.TokenOfAsync("alice");
        var child = (await DelegateAsync(parent)).Issued.Cst;
        var sibling = (await DelegateAsync(parent)).Issued.Cst;

        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = child });

        Assert.Equal("TOKEN_REVOKED", await _sidecar.Client.AskAsync(child, tool: "github"));
        Assert.Equal("ALLOW", await _sidecar.Client.AskAsync(parent, tool: "github"));
        Assert.Equal("ALLOW", await _sidecar.Client.AskAsync(sibling, tool: "github"));
    }

    [Fact]
    public async Task ExportRun_UnderADelegatedToken_IsAuditedBackToTheUser()
    {
        var agent = (await _sidecar.Client.Audits.CreateAgentKeyAsync(new CreateAgentKeyRequest())).AgentDid;
        var middle = (await DelegateAsync(await _sidecar.TokenOfAsync("alice"))).Issued.Cst;
        var child = (await DelegateAsync(middle, request => (request.AgentDid, request.Narrowing) = (agent, new Narrowing { Tools = List("github") }))).Issued.Cst;
        var receipt = await _sidecar.Client.Receipts.SignReceiptAsync(Receipt(child, "run-delegated"));
        Assert.NotNull(receipt.Receipt);
        await _sidecar.Client.Runs.FinishRunAsync(new FinishRunRequest { Cst = child, RunId = "run-delegated" });

        var evidence = await EvidenceAsync("run-delegated");
        var report = AuditVerifier.Verify(evidence, _sidecar.Installation.TrustedDids(), TimeProvider.System.GetUtcNow());

        Assert.Equal([], report.Answers.SelectMany(static answer => answer.Problems));
        Assert.True(report.Holds);
        Assert.Contains(report.Answers, static answer => answer.Id is "delegation" && answer.Answer.StartsWith("2 delegated tokens", StringComparison.Ordinal));
    }

    private sealed class QuickSidecar : RunningSidecar
    {
        private protected override ServerSettings Adjust(ServerSettings settings) => settings with { ReloadInterval = TimeSpan.FromMilliseconds(50) };
    }

    private static ScopeList List(params string[] items)
    {
        var list = new ScopeList();
        list.Items.AddRange(items);
        return list;
    }

    private static RevokeCstRequest RequestOf(string by, IssuedCst parent, string agentDid) => by switch
    {
        "text" => new RevokeCstRequest { Token = parent.Cst },
        "token_hash" => new RevokeCstRequest { TokenHash = parent.TokenHash },
        "jti" => new RevokeCstRequest { Jti = parent.Jti },
        "owner_ref" => new RevokeCstRequest { OwnerRef = parent.OwnerRef },
        "kid" => new RevokeCstRequest { Kid = parent.Kid },
        "mission_id" => new RevokeCstRequest { MissionId = "mission-7" },
        "issued_before" => new RevokeCstRequest { IssuedBefore = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddMilliseconds(-1)) },
        _ => new RevokeCstRequest { Subject = agentDid },
    };

    private static SignReceiptRequest Receipt(string token, string run) => new()
    {
        Cst = token,
        RunId = run,
        Nonce = "n1",
        ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash, LatencyMs = 1 },
    };

    private static async Task<ReasonCode> AskAsync(AsyncDuplexStreamingCall<AuthorizeStreamRequest, AuthorizeStreamResponse> stream, string token)
    {
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Cst = token, Tool = "github" } });
        await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        return stream.ResponseStream.Current.Response.ReasonCode;
    }

    private static async Task<IssueCstResponse> DelegateAsync(RunningSidecar sidecar, string parent, Action<IssueCstRequest>? change = null)
    {
        var request = new IssueCstRequest { ParentCst = parent, AgentDid = Other };
        request.Audiences.Add(DemoInstallation.Audience);
        change?.Invoke(request);
        return await sidecar.Client.Tokens.IssueCstAsync(request);
    }

    private Task<IssueCstResponse> DelegateAsync(string parent, Action<IssueCstRequest>? change = null) => DelegateAsync(_sidecar, parent, change);

    private async Task<IntrospectCstResponse> IntrospectAsync(string token) => await _sidecar.Client.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = token });

    private async Task<(double Cap, string Minor, string Mission)> ClaimsAsync(string token)
    {
        var claims = (await IntrospectAsync(token)).Claims;
        return (claims.SpendCap, claims.DelegationSpendCapMinor, claims.MissionId);
    }

    private async Task<byte[]> EvidenceAsync(string runId)
    {
        using var call = _sidecar.Client.Audits.ExportRun(new ExportRunRequest { RunId = runId });
        var bytes = new List<byte>();
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (call.ResponseStream.Current.File is { Name: "evidence.json" } file)
            {
                bytes.AddRange(file.Content.Span);
            }
        }

        return [.. bytes];
    }
}
