using System.Net;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Tests;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Tests.Callers;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Holders;

/// <summary>Tokens that are bound to a holder, over the wire: of use to that one, by every way on which a token is shown.</summary>
public sealed class HolderDoorTests : IClassFixture<CallersSidecar>, IDisposable
{
    private const string Other = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private const string Decisions = "clawpdp.v1.DecisionService/";

    private static readonly uint OwnUserId = OwnUser.Id;

    private readonly CallersSidecar _sidecar;
    private readonly HolderPen _pen = HolderPen.Ed25519();

    public HolderDoorTests(CallersSidecar sidecar) => _sidecar = sidecar;

    public void Dispose() => _pen.Dispose();

    [Fact]
    public async Task Authorize_BoundToAKey_WantsAProofForEachCall()
    {
        var token = await KeyTokenAsync();
        var proof = Prove(token, Decisions + "Authorize");

        Assert.Equal(ReasonCode.TokenProofRequired, await AskAsync(token));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(token, proof));
        Assert.Equal(ReasonCode.TokenProofInvalid, await AskAsync(token, proof));
        Assert.Equal(ReasonCode.TokenProofInvalid, await AskAsync(token, Prove(token, Decisions + "AuthorizeBatch")));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(token, Prove(token, Decisions + "Authorize")));
        Assert.Equal(ReasonCode.TokenProofRequired, await AskAsync(token));
    }

    [Fact]
    public async Task Authorize_BoundToAKey_OverAUnixSocket_IsForTheAddressThatTheCallHas()
    {
        var token = await KeyTokenAsync();
        using var channel = _sidecar.OpenSocket("deciding.sock");
        var client = new DecisionService.DecisionServiceClient(channel);
        var proof = Metadata(_pen.Prove(token, $"http://localhost/{Decisions}Authorize", DateTimeOffset.UtcNow));

        Assert.Equal(ReasonCode.Allowed, (await client.AuthorizeAsync(Question(token), proof)).ReasonCode);
        Assert.Equal(ReasonCode.TokenProofRequired, (await client.AuthorizeAsync(Question(token))).ReasonCode);
    }

    [Fact]
    public async Task Authorize_AProofForAnotherServersAddress_IsNotTakenFromIt()
    {
        var token = await KeyTokenAsync();
        using var http = new HttpClient();
        async Task<string> RelayAsync(string authority)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _sidecar.HttpAddress + "/access/v1/evaluation");
            request.Headers.Host = authority;
            request.Headers.Add("DPoP", _pen.Prove(token, $"http://{authority}/access/v1/evaluation", DateTimeOffset.UtcNow));
            request.Headers.Add("X-CST", token);
            request.Content = new StringContent($$"""{"subject":{"type":"agent","id":"{{_sidecar.Client.AgentDid}}"},"resource":{"type":"tool","id":"github"},"action":{"name":"call"} }""", System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }

        Assert.Contains("TOKEN_PROOF_INVALID", await RelayAsync("evil.example"), StringComparison.Ordinal);
        Assert.Contains("\"decision\":true", await RelayAsync(new Uri(_sidecar.HttpAddress).Authority), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_BoundToAUser_IsForItsSocketAlone()
    {
        var own = (await IssueAsync(new TokenHolder { PeerUid = OwnUserId })).Issued;
        var others = (await IssueAsync(new TokenHolder { PeerUid = OwnUserId + 1 })).Issued;
        using var channel = _sidecar.OpenSocket("deciding.sock");
        var client = new DecisionService.DecisionServiceClient(channel);

        Assert.Equal(OwnUserId, own.Holder.PeerUid);
        Assert.Equal(ReasonCode.Allowed, (await client.AuthorizeAsync(Question(own.Cst))).ReasonCode);
        Assert.Equal(ReasonCode.TokenProofInvalid, (await client.AuthorizeAsync(Question(others.Cst))).ReasonCode);
        Assert.Equal(ReasonCode.Allowed, (await client.ExplainAsync(new ExplainRequest { Request = Question(own.Cst) })).Answer.ReasonCode);
        Assert.Equal(ReasonCode.TokenProofInvalid, (await client.ExplainAsync(new ExplainRequest { Request = Question(others.Cst) })).Answer.ReasonCode);
        Assert.Equal(ReasonCode.TokenProofRequired, await AskAsync(own.Cst));
    }

    [Fact]
    public async Task AuthorizeBatch_OneProof_CountsForAllQuestionsAboutItsToken()
    {
        var (one, two) = (await KeyTokenAsync(), await KeyTokenAsync());
        var request = new AuthorizeBatchRequest { Requests = { Question(one), Question(two), Question(one) } };

        async Task<IEnumerable<ReasonCode>> Ask(params string[] proofs) =>
            (await _sidecar.Client.Decisions.AuthorizeBatchAsync(request, Metadata(proofs))).Responses.Select(static answer => answer.ReasonCode);

        Assert.Equal([ReasonCode.Allowed, ReasonCode.TokenProofInvalid, ReasonCode.Allowed], await Ask(Prove(one, Decisions + "AuthorizeBatch")));
        Assert.Equal(
            [ReasonCode.Allowed, ReasonCode.Allowed, ReasonCode.Allowed],
            await Ask(Prove(one, Decisions + "AuthorizeBatch"), Prove(two, Decisions + "AuthorizeBatch")));
        Assert.Equal([ReasonCode.TokenProofRequired, ReasonCode.TokenProofRequired, ReasonCode.TokenProofRequired], await Ask());
    }

    [Fact]
    public async Task AuthorizeStream_TakesTheProofsThatItBeganWith()
    {
        var (one, two) = (await KeyTokenAsync(), await KeyTokenAsync());
        using var stream = _sidecar.Client.Decisions.AuthorizeStream(Metadata(Prove(one, Decisions + "AuthorizeStream")));
        var reasons = new List<ReasonCode>();
        foreach (var token in new[] { one, two, one })
        {
            await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Question(token) });
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
            reasons.Add(stream.ResponseStream.Current.Response.ReasonCode);
        }

        Assert.Equal([ReasonCode.Allowed, ReasonCode.TokenProofInvalid, ReasonCode.Allowed], reasons);
    }

    [Fact]
    public async Task RunsAndReceipts_BoundToAKey_WantAProof()
    {
        var token = await KeyTokenAsync();
        var runs = _sidecar.Client.Runs;
        var start = new StartRunRequest { Cst = token };

        Assert.Equal(ReasonCode.TokenProofRequired, (await runs.StartRunAsync(start)).Refusal.ReasonCode);
        var run = (await runs.StartRunAsync(start, Metadata(Prove(token, "clawpdp.v1.RunService/StartRun")))).Run.RunId;
        Assert.Equal(ReasonCode.TokenProofRequired, (await runs.AppendEventAsync(new AppendEventRequest { Cst = token, RunId = run, EventType = "note", PayloadHashB64U = Hash })).Refusal.ReasonCode);

        var receipt = new SignReceiptRequest
        {
            Cst = token,
            RunId = run,
            Nonce = Guid.NewGuid().ToString("N"),
            ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash, ResultStatus = ResultStatus.Success },
        };
        Assert.Equal(ReasonCode.TokenProofRequired, (await _sidecar.Client.Receipts.SignReceiptAsync(receipt)).Refusal.ReasonCode);
        Assert.NotNull((await _sidecar.Client.Receipts.SignReceiptAsync(receipt, Metadata(Prove(token, "clawpdp.v1.ReceiptService/SignReceipt")))).Receipt);

        Assert.Equal(ReasonCode.TokenProofRequired, (await runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = run })).Refusal.ReasonCode);
        Assert.NotNull((await runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = run }, Metadata(Prove(token, "clawpdp.v1.RunService/FinishRun")))).Run);
    }

    [Fact]
    public async Task ListAllowed_BoundToAKey_WantsAProof()
    {
        var token = await KeyTokenAsync();
        var request = new ListAllowedRequest { Cst = token, Kind = Dimension.Tool };

        Assert.Equal(ReasonCode.TokenProofRequired, (await _sidecar.Client.Decisions.ListAllowedAsync(request)).Refusal.ReasonCode);
        Assert.Null((await _sidecar.Client.Decisions.ListAllowedAsync(request, Metadata(Prove(token, Decisions + "ListAllowed")))).Refusal);
    }

    [Fact]
    public async Task IssueCst_FromABoundParent_WantsItsProofAndAHolderOfTheChild()
    {
        var parent = await KeyTokenAsync();
        using var child = HolderPen.P256();

        Assert.Equal((ReasonCode.TokenProofRequired, "parent_cst"), await RefusedAsync(parent, holder: null));
        Assert.Equal((ReasonCode.HolderRequired, "holder"), await RefusedAsync(parent, holder: null, Prove(parent, "clawpdp.v1.TokenService/IssueCst")));

        var request = Delegation(parent, new TokenHolder { JwkThumbprint = child.Holder.KeyThumbprint });
        var issued = (await _sidecar.Client.Tokens.IssueCstAsync(request, Metadata(Prove(parent, "clawpdp.v1.TokenService/IssueCst")))).Issued;

        Assert.Equal(child.Holder.KeyThumbprint, issued.Holder.JwkThumbprint);
        Assert.Equal(ReasonCode.TokenProofInvalid, await AskAsync(issued.Cst, Prove(issued.Cst, Decisions + "Authorize")));
        Assert.Equal(ReasonCode.Allowed, await AskAsync(issued.Cst, child.Prove(issued.Cst, Address(Decisions + "Authorize"), DateTimeOffset.UtcNow)));
    }

    [Fact]
    public async Task IssueCst_Bound_IsTheHoldersInTheAnswerTheRecordAndTheIntrospection()
    {
        var issued = (await IssueAsync(Key())).Issued;
        var unbound = (await IssueAsync(holder: null)).Issued;
        var record = JsonReader.Parse(issued.IssuanceRecordJson.Span, 1 << 16).Value.Find("payload");

        Assert.Equal(_pen.Holder.KeyThumbprint, issued.Holder.JwkThumbprint);
        Assert.Equal(_pen.Holder.KeyThumbprint, record?.Find("cnf")?.FindText("jkt"));
        var introspected = await _sidecar.Client.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = issued.Cst });
        Assert.Equal((true, _pen.Holder.KeyThumbprint), (introspected.Active, introspected.Holder.JwkThumbprint));
        Assert.Null(unbound.Holder);
        Assert.Null((await _sidecar.Client.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = unbound.Cst })).Holder);
    }

    [Fact]
    public async Task IssueCst_ForTheAgentsKey_BindsToTheKeyOfItsDid()
    {
        var issued = (await IssueAsync(new TokenHolder { AgentKey = true })).Issued;

        Assert.Equal(43, issued.Holder.JwkThumbprint.Length);
        Assert.Equal(ReasonCode.TokenProofRequired, await AskAsync(issued.Cst));
        Assert.Equal(ReasonCode.TokenProofInvalid, await AskAsync(issued.Cst, Prove(issued.Cst, Decisions + "Authorize")));
    }

    [Fact]
    public async Task ForwardAuth_BoundToAKey_TakesTheProofOfTheAgentsOwnRequest()
    {
        var token = await KeyTokenAsync();
        using var http = new HttpClient();

        async Task<HttpStatusCode> AskAsync(string scheme, string? proof)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _sidecar.HttpAddress + "/v1/forward-auth");
            request.Headers.Add("authorization", scheme + " " + token);
            request.Headers.Add("x-forwarded-host", "api.github.com");
            request.Headers.Add("x-forwarded-proto", "https");
            request.Headers.Add("x-forwarded-method", "PUT");
            request.Headers.Add("x-forwarded-uri", "/repos/a?x=1");
            if (proof is not null)
            {
                request.Headers.Add("DPoP", proof);
            }

            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }

        string ProofOf(string target, string method = "PUT") => _pen.Prove(token, target, DateTimeOffset.UtcNow, method);

        Assert.Equal(HttpStatusCode.OK, await AskAsync("DPoP", ProofOf("https://api.github.com/repos/a")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("Bearer", ProofOf("https://api.github.com/repos/a")));
        Assert.NotEqual(HttpStatusCode.OK, await AskAsync("DPoP", proof: null));
        Assert.NotEqual(HttpStatusCode.OK, await AskAsync("DPoP", ProofOf("https://api.github.com/repos/b")));
        Assert.NotEqual(HttpStatusCode.OK, await AskAsync("DPoP", ProofOf("https://api.github.com/repos/a", "GET")));
        Assert.NotEqual(HttpStatusCode.OK, await AskAsync("DPoP", ProofOf("https://uploads.github.com/repos/a")));
    }

    [Fact]
    public async Task Everything_ThatIsShown_LeavesNoProofBehind()
    {
        var token = await KeyTokenAsync();
        var proof = Prove(token, Decisions + "Authorize");
        Assert.Equal(ReasonCode.Allowed, await AskAsync(token, proof));

        foreach (var file in Directory.EnumerateFiles(_sidecar.Installation.Directory, "*", SearchOption.AllDirectories).Where(static file => Path.GetExtension(file) is not (".sock" or ".lock")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(proof.Split('.')[2], await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    private static AuthorizeRequest Question(string token) => new() { Cst = token, Tool = "github" };

    private static Metadata Metadata(params string[] proofs)
    {
        var metadata = new Metadata();
        foreach (var proof in proofs)
        {
            metadata.Add(CallEvidence.ProofHeader, proof);
        }

        return metadata;
    }

    private TokenHolder Key() => new() { JwkThumbprint = _pen.Holder.KeyThumbprint };

    private string Address(string method) => _sidecar.GrpcAddress + "/" + method;

    private string Prove(string token, string method) => _pen.Prove(token, Address(method), DateTimeOffset.UtcNow);

    private async Task<ReasonCode> AskAsync(string token, params string[] proofs) =>
        (await _sidecar.Client.Decisions.AuthorizeAsync(Question(token), Metadata(proofs))).ReasonCode;

    private async Task<string> KeyTokenAsync() => (await IssueAsync(Key())).Issued.Cst;

    private async Task<IssueCstResponse> IssueAsync(TokenHolder? holder) => await _sidecar.Client.Tokens.IssueCstAsync(new IssueCstRequest
    {
        IdToken = await _sidecar.Client.SignInAsync("alice"),
        AgentDid = _sidecar.Client.AgentDid,
        Audiences = { "clawpdp" },
        Holder = holder,
    });

    private static IssueCstRequest Delegation(string parent, TokenHolder? holder) => new() { ParentCst = parent, AgentDid = Other, Audiences = { "clawpdp" }, Holder = holder };

    private async Task<(ReasonCode Reason, string Field)> RefusedAsync(string parent, TokenHolder? holder, params string[] proofs)
    {
        var refusal = (await _sidecar.Client.Tokens.IssueCstAsync(Delegation(parent, holder), Metadata(proofs))).Refusal;
        return (refusal.ReasonCode, refusal.Field);
    }
}
