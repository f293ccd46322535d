using System.Globalization;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>The published binary against a certified OpenID provider.</summary>
public sealed class RealProviderTests
{
    [Fact]
    public async Task FourUsers_GetWhatTheirGroupsGrant()
    {
        await using var provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        await using var sidecar = await PublishedSidecar.StartAsync(PublishedSidecar.Configure(provider.Issuer));
        var alice = await sidecar.IssueAsync(await provider.SignInAsync("alice"));
        var bob = await sidecar.IssueAsync(await provider.SignInAsync("bob"));
        var carol = await sidecar.IssueAsync(await provider.SignInAsync("carol"));

        Assert.Equal(ReasonCode.Allowed, await sidecar.AskAsync(alice.Issued.Cst, "github"));
        Assert.Equal(ReasonCode.ToolNotAllowed, await sidecar.AskAsync(alice.Issued.Cst, "splunk"));
        Assert.Equal(ReasonCode.Allowed, await sidecar.AskAsync(bob.Issued.Cst, "splunk"));
        Assert.Equal(ReasonCode.ToolNotAllowed, await sidecar.AskAsync(bob.Issued.Cst, "github"));
        Assert.Equal(ReasonCode.Allowed, await sidecar.AskAsync(carol.Issued.Cst, "github"));
        Assert.Equal(ReasonCode.Allowed, await sidecar.AskAsync(carol.Issued.Cst, "splunk"));
        Assert.Equal(ReasonCode.GroupNotMapped, await sidecar.ReasonAsync(await provider.SignInAsync("dave")));
        Assert.Equal(ReasonCode.GroupsMissing, await sidecar.ReasonAsync(await provider.SignInAsync("erin")));
        Assert.Equal(ReasonCode.GroupsOverage, await sidecar.ReasonAsync(await provider.SignInAsync("frank")));
        Assert.Equal(ReasonCode.IdTokenBadAudience, await sidecar.ReasonAsync(await provider.SignInAsync("alice", "other-client")));
    }

    [Fact]
    public async Task AlteredTokens_AreRefusedWithTheirReason()
    {
        await using var provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        await using var sidecar = await PublishedSidecar.StartAsync(PublishedSidecar.Configure(provider.Issuer));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(ReasonCode.Allowed, await sidecar.ReasonAsync(await provider.MintAsync("{}")));
        Assert.Equal(ReasonCode.IdTokenExpired, await sidecar.ReasonAsync(await provider.MintAsync(Claims("exp", now - 120))));
        Assert.Equal(ReasonCode.IdTokenNotYetValid, await sidecar.ReasonAsync(await provider.MintAsync(Claims("nbf", now + 120))));
        Assert.Equal(ReasonCode.IdTokenNotYetValid, await sidecar.ReasonAsync(await provider.MintAsync(Claims("iat", now + 120))));
        Assert.Equal(ReasonCode.IdTokenTooOld, await sidecar.ReasonAsync(await provider.MintAsync(Claims("iat", now - 90_000))));
        Assert.Equal(ReasonCode.IdTokenIssuerUnknown, await sidecar.ReasonAsync(await provider.MintAsync("{\"iss\":\"http://127.0.0.1:1\"}")));
        Assert.Equal(ReasonCode.GroupsInvalid, await sidecar.ReasonAsync(await provider.MintAsync("{\"groups\":\"platform-engineers\"}")));
        var token = await provider.MintAsync("{}");
        Assert.Equal(ReasonCode.IdTokenSignatureInvalid, await sidecar.ReasonAsync(token[..^3] + (token[^3] == 'A' ? 'B' : 'A') + token[^2..]));
    }

    [Fact]
    public async Task Rotation_WithOverlap_AcceptsBothAndWithout_OnlyTheNewKey()
    {
        await using var provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        await using var sidecar = await PublishedSidecar.StartAsync(PublishedSidecar.Configure(provider.Issuer));
        var first = await provider.MintAsync("{}");
        Assert.Equal(ReasonCode.Allowed, await sidecar.ReasonAsync(first));

        await provider.RotateAsync(overlap: true);
        Assert.Equal(ReasonCode.Allowed, await UntilAsync(ReasonCode.Allowed, async () => await sidecar.ReasonAsync(await provider.MintAsync("{}"))));
        Assert.Equal(ReasonCode.Allowed, await sidecar.ReasonAsync(first));

        await provider.RotateAsync(overlap: false);
        Assert.Equal(ReasonCode.Allowed, await UntilAsync(ReasonCode.Allowed, async () => await sidecar.ReasonAsync(await provider.MintAsync("{}"))));
        Assert.Equal(ReasonCode.IdTokenUnknownKid, await UntilAsync(ReasonCode.IdTokenUnknownKid, async () => await sidecar.ReasonAsync(first)));
    }

    [Theory]
    [InlineData("503")]
    [InlineData("hang")]
    [InlineData("garbage")]
    [InlineData("empty")]
    [InlineData("redirect")]
    public async Task KeySetFails_LastGoodKeysServeAndUnknownKeysAreNotFetchedForEach(string mode)
    {
        await using var provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        await using var sidecar = await PublishedSidecar.StartAsync(PublishedSidecar.Configure(provider.Issuer, keyRefreshMinIntervalSeconds: 30));
        var known = await provider.MintAsync("{}");
        Assert.Equal(ReasonCode.Allowed, await sidecar.ReasonAsync(known));

        await provider.RotateAsync(overlap: false);
        await provider.ServeKeysAsync(mode);
        var unknown = await provider.MintAsync("{}");
        var before = await provider.KeyFetchesAsync();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.Equal(ReasonCode.Allowed, await sidecar.ReasonAsync(known));
            Assert.NotEqual(ReasonCode.Allowed, await sidecar.ReasonAsync(unknown));
        }

        Assert.InRange(await provider.KeyFetchesAsync() - before, 0, 1);
    }

    [Fact]
    public async Task ColdStartWithoutProvider_RefusesIssuanceUntilItIsBack()
    {
        await using var provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        await provider.ServeKeysAsync("503");
        await using var sidecar = await PublishedSidecar.StartAsync(PublishedSidecar.Configure(provider.Issuer));

        Assert.Equal(ReasonCode.IdpUnavailable, await sidecar.ReasonAsync(await provider.MintAsync("{}")));
        await provider.ServeKeysAsync("ok");
        Assert.Equal(ReasonCode.Allowed, await UntilAsync(ReasonCode.Allowed, async () => await sidecar.ReasonAsync(await provider.MintAsync("{}"))));
    }

    [Fact]
    public async Task Crash_AfterAcknowledgement_LosesNothing()
    {
        const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        await using var provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        var sidecar = await PublishedSidecar.StartAsync(PublishedSidecar.Configure(provider.Issuer));
        var good = (await sidecar.IssueAsync(await provider.MintAsync("{}"))).Issued.Cst;
        var revoked = (await sidecar.IssueAsync(await provider.MintAsync("{}"))).Issued.Cst;
        var request = new SignReceiptRequest { Cst = good, RunId = "run", Nonce = "n", ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash } };
        var receipt = await sidecar.Receipts.SignReceiptAsync(request);
        await sidecar.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = revoked });

        await using var restarted = await sidecar.CrashAndRestartAsync();

        Assert.Equal(ReasonCode.Allowed, await restarted.AskAsync(good, "github"));
        Assert.Equal(ReasonCode.TokenRevoked, await restarted.AskAsync(revoked, "github"));
        var again = await restarted.Receipts.SignReceiptAsync(request);
        Assert.True(again.Replayed);
        Assert.Equal(receipt.Receipt.EnvelopeJson, again.Receipt.EnvelopeJson);
    }

    [Fact]
    public async Task Log_HoldsNoTokenAndNoPerson()
    {
        await using var provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        await using var sidecar = await PublishedSidecar.StartAsync(PublishedSidecar.Configure(provider.Issuer));
        var idToken = await provider.SignInAsync("alice");
        var token = (await sidecar.IssueAsync(idToken)).Issued.Cst;
        await sidecar.AskAsync(token[..^2] + "AA", "github");
        await sidecar.ReasonAsync(idToken[..^4] + "AAAA");

        Assert.DoesNotContain(token.Split('.')[2], sidecar.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(idToken.Split('.')[1], sidecar.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", sidecar.Process.Output, StringComparison.Ordinal);
    }

    private static string Claims(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"{{\"{name}\":{value}}}");

    // A refusal to fetch again ends with the rate limit's second: asked until then, bounded.
    private static async Task<ReasonCode> UntilAsync(ReasonCode wanted, Func<Task<ReasonCode>> ask)
    {
        var reason = await ask();
        for (var attempt = 0; attempt < 200 && reason != wanted; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), TestContext.Current.CancellationToken);
            reason = await ask();
        }

        return reason;
    }
}
