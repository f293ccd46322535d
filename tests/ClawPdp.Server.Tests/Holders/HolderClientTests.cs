using System.Security.Cryptography;
using System.Text;
using ClawPdp.Client;
using ClawPdp.Server.Doors.McpGuard;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Holders;

/// <summary>The client with the key of a token's holder, against the running sidecar.</summary>
public sealed class HolderClientTests(HolderSidecar sidecar) : IClassFixture<HolderSidecar>
{
    private const string EmptyHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private static readonly AgentAction Action = AgentAction.CallTool("github");

    [Theory]
    [InlineData(false, "holder", ReasonCode.Allowed)]
    [InlineData(true, "holder", ReasonCode.Allowed)]
    [InlineData(false, "nobody", ReasonCode.TokenProofRequired)]
    [InlineData(true, "nobody", ReasonCode.TokenProofRequired)]
    [InlineData(false, "another", ReasonCode.TokenProofInvalid)]
    [InlineData(true, "another", ReasonCode.TokenProofInvalid)]
    public async Task BoundToken_ShownBy_IsAnsweredSo(bool isUnix, string who, ReasonCode reason)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var token = await sidecar.BoundTokenAsync(sidecar.Key.Thumbprint);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var another = HolderKey.Parse(ecdsa.ExportPkcs8PrivateKeyPem());
        await using var client = sidecar.ClientOf(token, who switch { "holder" => sidecar.Key, "another" => another, _ => null }, isUnix);
        var decisions = new DecisionService.DecisionServiceClient(client.Channel);
        var question = new AuthorizeRequest { Cst = token, Tool = "github" };

        var one = await client.AuthorizeAsync(Action, cancellation);
        var again = await client.AuthorizeAsync(Action, cancellation);
        var batch = await client.AuthorizeAllAsync([Action, Action], cancellation);
        var blocking = decisions.Authorize(question, cancellationToken: cancellation);
        using var stream = decisions.AuthorizeStream(cancellationToken: cancellation);
        foreach (var _ in batch)
        {
            await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = question }, cancellation);
        }

        await stream.RequestStream.CompleteAsync();
        var streamed = await stream.ResponseStream.ReadAllAsync(cancellation).Select(static answer => answer.Response).ToListAsync(cancellation);

        Assert.All([one, again, .. batch], decision => Assert.Equal((int)reason, decision.ReasonNumber));
        Assert.All([blocking, .. streamed], answer => Assert.Equal(reason, answer.ReasonCode));
        Assert.Equal(2, streamed.Count);
    }

    [Fact]
    public async Task BoundToken_OfAP256Key_IsAllowed()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = HolderKey.Parse(ecdsa.ExportPkcs8PrivateKeyPem());
        await using var client = sidecar.ClientOf(await sidecar.BoundTokenAsync(key.Thumbprint), key, isUnix: false);

        Assert.True((await client.AuthorizeAsync(Action, TestContext.Current.CancellationToken)).IsAllowed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receipt_OfABoundToken_IsForItsHolderAlone(bool isUnix)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var token = await sidecar.BoundTokenAsync(sidecar.Key.Thumbprint);
        await using var holder = sidecar.ClientOf(token, sidecar.Key, isUnix);
        await using var thief = sidecar.ClientOf(token, key: null, isUnix);
        var decision = await holder.AuthorizeAsync(Action, cancellation);

        var receipt = await holder.SignReceiptAsync(Action, decision, new ActionReport(), nonce: null, cancellation);
        var refused = await Assert.ThrowsAsync<ReceiptNotSignedException>(() => thief.SignReceiptAsync(Action, decision, new ActionReport(), nonce: null, cancellation));

        Assert.NotEmpty(receipt.ReceiptId);
        Assert.Equal("TOKEN_PROOF_REQUIRED", refused.Refusal.Reason);
    }

    [Fact]
    public async Task OtherCalls_OfABoundToken_CarryProofs()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var token = await sidecar.BoundTokenAsync(sidecar.Key.Thumbprint);
        await using var client = sidecar.ClientOf(token, sidecar.Key, isUnix: false);
        var decisions = new DecisionService.DecisionServiceClient(client.Channel);
        var runs = new RunService.RunServiceClient(client.Channel);
        var sign = new SignReceiptRequest
        {
            Cst = token,
            RunId = client.RunId,
            Nonce = "n-1",
            ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = EmptyHash, ResultHashB64U = EmptyHash, ResultStatus = ResultStatus.Success },
        };
        var delegated = new IssueCstRequest { ParentCst = token, AgentDid = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw", Holder = new TokenHolder { JwkThumbprint = sidecar.Key.Thumbprint } };
        delegated.Audiences.Add("clawpdp");

        var explained = await decisions.ExplainAsync(new ExplainRequest { Request = new AuthorizeRequest { Cst = token, Tool = "github" } }, cancellationToken: cancellation);
        var listed = await decisions.ListAllowedAsync(new ListAllowedRequest { Cst = token, Kind = Dimension.Tool }, cancellationToken: cancellation);
        var started = await runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = client.RunId }, cancellationToken: cancellation);
        var appended = await runs.AppendEventAsync(
            new AppendEventRequest { Cst = token, RunId = client.RunId, EventId = "plan-1", EventType = "plan", PayloadHashB64U = EmptyHash },
            cancellationToken: cancellation);
        var signed = await new ReceiptService.ReceiptServiceClient(client.Channel).SignReceiptBatchAsync(new SignReceiptBatchRequest { Requests = { sign } }, cancellationToken: cancellation);
        var finished = await runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = client.RunId }, cancellationToken: cancellation);
        var issued = await new TokenService.TokenServiceClient(client.Channel).IssueCstAsync(delegated, cancellationToken: cancellation);

        Assert.Equal(ReasonCode.Allowed, explained.Answer.ReasonCode);
        Assert.NotNull(listed.Allowed);
        Assert.NotNull(started.Run);
        Assert.NotNull(appended.Event);
        Assert.NotNull(Assert.Single(signed.Responses).Receipt);
        Assert.NotNull(finished.Run);
        Assert.NotNull(issued.Issued);
    }

    [Fact]
    public async Task Batch_OfTokensOfSeveralHolders_AnswersEachByItsOwn()
    {
        var (first, second) = (await sidecar.BoundTokenAsync(sidecar.Key.Thumbprint), await sidecar.BoundTokenAsync(sidecar.Key.Thumbprint));
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var another = HolderKey.Parse(ecdsa.ExportPkcs8PrivateKeyPem());
        string[] tokens = [first, second, await sidecar.BoundTokenAsync(another.Thumbprint), await sidecar.TokenOfAsync("alice")];
        await using var client = sidecar.ClientOf(first, sidecar.Key, isUnix: false);
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(tokens.Select(static token => new AuthorizeRequest { Cst = token, Tool = "github" }));

        var answers = await new DecisionService.DecisionServiceClient(client.Channel).AuthorizeBatchAsync(batch, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([ReasonCode.Allowed, ReasonCode.Allowed, ReasonCode.TokenProofInvalid, ReasonCode.Allowed], answers.Responses.Select(static answer => answer.ReasonCode));
    }

    [Fact]
    public async Task McpGuard_OfABoundToken_ListsAndCalls()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var token = await sidecar.BoundTokenAsync(sidecar.Key.Thumbprint, "bob");
        await using var client = sidecar.ClientOf(token, sidecar.Key, isUnix: false);
        var session = new McpGuardSession(client, _ => ValueTask.FromResult(token), "crowdstrike", TimeSpan.FromSeconds(20), TimeProvider.System);

        await session.FromClientAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""u8.ToArray(), cancellation);
        var listed = await session.FromServerAsync("""{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"contain"}]}}"""u8.ToArray(), cancellation);
        var (called, _) = await session.FromClientAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"contain","arguments":{}}}"""u8.ToArray(), cancellation);
        var answered = await session.FromServerAsync("""{"jsonrpc":"2.0","id":2,"result":{"content":[]}}"""u8.ToArray(), cancellation);

        Assert.Contains("contain", Encoding.UTF8.GetString((listed ?? default).Span), StringComparison.Ordinal);
        Assert.NotNull(called);
        Assert.DoesNotContain("error", Encoding.UTF8.GetString((answered ?? default).Span), StringComparison.OrdinalIgnoreCase);
    }
}
