using System.Text;
using System.Text.Json;
using ClawPdp.Core.Encoding;
using ClawPdp.V1;

namespace ClawPdp.Client.Tests;

/// <summary>What the calls of a client with a holder's key carry.</summary>
public sealed class HolderCallTests : IAsyncLifetime
{
    private const string Token = "token-1";
    private readonly ScriptedPeer _peer = new();
    private readonly HolderKey _key = HolderKey.Parse(Vectors.Row("keys", "Ed25519, RFC 8037 appendix A.3").GetProperty("key").GetString() ?? "");

    public async ValueTask InitializeAsync()
    {
        await _peer.InitializeAsync();
        _peer.Steps["github"] = [ScriptedPeer.Step(ScriptedPeer.Allow())];
    }

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task Call_OfAnyKind_CarriesAProofForItsAddressAndToken()
    {
        await using var client = Client(_key);
        var action = AgentAction.CallTool("github");

        var decision = await client.AuthorizeAsync(action, TestContext.Current.CancellationToken);
        await client.SignReceiptAsync(action, decision, new ActionReport(), nonce: null, TestContext.Current.CancellationToken);

        Assert.Equal(
            [$"http://{_peer.Address}/clawpdp.v1.DecisionService/Authorize", $"http://{_peer.Address}/clawpdp.v1.ReceiptService/SignReceipt"],
            _peer.Proofs.Select(static proofs => Claim(Assert.Single(proofs), "htu")));
        Assert.All(_peer.Proofs, static proofs => Assert.Equal(Sha256.B64u(Encoding.ASCII.GetBytes(Token)), Claim(proofs[0], "ath")));
    }

    [Fact]
    public async Task Authorize_ATryThatIsRepeated_HasAProofOfItsOwn()
    {
        _peer.Steps["twice"] = [JsonDocument.Parse("""{"status":"UNAVAILABLE"}""").RootElement, ScriptedPeer.Step(ScriptedPeer.Allow())];
        await using var client = Client(_key);

        Assert.True((await client.AuthorizeAsync(new AgentAction { Tool = "twice" }, TestContext.Current.CancellationToken)).IsAllowed);

        Assert.Equal(2, _peer.Proofs.SelectMany(static proofs => proofs).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Call_WithoutAKey_CarriesNoProof()
    {
        await using var client = Client(key: null);

        await client.AuthorizeAsync(new AgentAction { Tool = "github" }, TestContext.Current.CancellationToken);

        Assert.Empty(Assert.Single(_peer.Proofs));
    }

    [Fact]
    public async Task Batch_OfManyTokens_CarriesAProofForEachUpTo16()
    {
        await using var client = Client(_key);
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(Enumerable.Range(0, 40).Select(static index => new AuthorizeRequest { Cst = $"token-{index % 20}" }));

        await new DecisionService.DecisionServiceClient(client.Channel).AuthorizeBatchAsync(batch, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(HolderInterceptor.ProofCountMax, Assert.Single(_peer.Proofs).Select(static proof => Claim(proof, "ath")).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Call_OfAKeyThatCannotSign_IsADenialAndSendsNothing()
    {
        using var broken = HolderKey.FromSigner(_key.PublicJwk, static (_, _) => throw new IOException("pin 1234"));
        await using var client = Client(broken);
        var action = AgentAction.CallTool("github");

        var decision = await client.AuthorizeAsync(action, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<ReceiptNotSignedException>(() => client.SignReceiptAsync(action, decision, new ActionReport(), nonce: null, TestContext.Current.CancellationToken));

        Assert.Equal((false, ClientReasons.NoProof, DenialClass.Structural), (decision.IsAllowed, decision.Reason, decision.ReasonClass));
        Assert.Equal(ClientReasons.NoProof, failure.Refusal.Reason);
        Assert.DoesNotContain("1234", $"{decision} {failure}", StringComparison.Ordinal);
        Assert.Empty(_peer.Proofs);
    }

    [Fact]
    public async Task Call_OfASignerThatNeverEnds_IsDeniedInTime()
    {
        using var silent = HolderKey.FromSigner(_key.PublicJwk, static async (_, _) => await new TaskCompletionSource<byte[]>().Task);
        await using var client = new ClawPdpClient(Options(silent) with { AuthorizeTimeout = TimeSpan.FromMilliseconds(100) });

        var decision = await client.AuthorizeAsync(AgentAction.CallTool("github"), TestContext.Current.CancellationToken);

        Assert.Equal((false, ClientReasons.Deadline), (decision.IsAllowed, decision.Reason));
        Assert.Empty(_peer.Proofs);
    }

    private static string Claim(string proof, string name)
    {
        Assert.True(Base64UrlText.TryDecode(proof.Split('.')[1], out var claims));
        return JsonDocument.Parse(claims).RootElement.GetProperty(name).GetString() ?? "";
    }

    private ClawPdpClientOptions Options(HolderKey? key) =>
        ClawPdpClientOptions.WithToken(Token) with { Address = _peer.Address, HolderKey = key, AuthorizeTimeout = TimeSpan.FromSeconds(20), DurableTimeout = TimeSpan.FromSeconds(20) };

    private ClawPdpClient Client(HolderKey? key) => new(Options(key));
}
