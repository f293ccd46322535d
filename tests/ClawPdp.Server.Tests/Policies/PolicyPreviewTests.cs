using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Policies;

public sealed class PolicyPreviewTests : IAsyncLifetime
{
    private static readonly string[] Audiences = ["clawpdp", "gateway-a"];

    private PolicyBed? _made;

    private PolicyBed Bed => _made ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _made = await PolicyBed.StartAsync(static (settings, _) => settings with
    {
        Audiences = [.. Audiences],
        Issuance = settings.Issuance with { Audiences = [.. Audiences] },
    });

    public async ValueTask DisposeAsync()
    {
        await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task DryRun_LiveTokens_AreCountedByMissionAndGroupAndNothingChanges()
    {
        var old = Bed.Installation.PolicyHash;
        var hash = await Bed.HoldAsync(TestPolicies.Of("new", ["github"]));
        await Bed.TokenAsync(old, "alice", "mission-1");
        var last = await Bed.TokenAsync(old, "carol", "mission-1");
        await Bed.TokenAsync(old, "bob");
        await Bed.TokenAsync(hash, "alice", "mission-1");
        await Bed.TokenAsync();
        await Bed.TokenAsync(old, audience: "gateway-a");
        await Bed.ActivateAsync(old, "gateway-a");

        var preview = (await Bed.ActivateAsync(hash, dryRun: true)).Preview;

        Assert.Equal((5L, 3L, 3UL, old, false), (preview.LiveTokenCount, preview.StrandedTokenCount, preview.NextActivationNumber, preview.ActivePolicyHashB64U, preview.AlreadyActive));
        Assert.Equal(
            [("mission-1", "platform-engineers", 2L), ("", "security-analysts", 1), ("mission-1", "security-analysts", 1)],
            preview.Stranded.Select(static item => (item.MissionId, item.Group, item.TokenCount)));
        Assert.All(preview.Stranded, item => Assert.Equal(old, item.PolicyHashB64U));
        Assert.Equal(last.ExpiresAt, preview.Stranded[2].LastExpiresAt);
        Assert.Equal((old, 2), ((await Bed.ActiveAsync())?.Policy.PolicyHashB64U, (await Bed.ActivationsAsync()).Count));
    }

    [Fact]
    public async Task DryRun_ForAnAudience_CountsItsTokensAlone()
    {
        var hash = await Bed.HoldAsync(TestPolicies.Of("new", ["github"]));
        await Bed.TokenAsync(Bed.Installation.PolicyHash);
        await Bed.TokenAsync(Bed.Installation.PolicyHash, audience: "gateway-a");

        var preview = (await Bed.ActivateAsync(hash, "gateway-a", dryRun: true)).Preview;

        Assert.Equal((1L, 1L), (preview.LiveTokenCount, preview.StrandedTokenCount));
    }

    [Fact]
    public async Task DryRun_RevokedAndExpiredTokens_DoNotCount()
    {
        var hash = await Bed.HoldAsync(TestPolicies.Of("new", ["github"]));
        await Bed.TokenAsync(Bed.Installation.PolicyHash);
        Bed.Time.Advance(TimeSpan.FromSeconds(600));
        var byToken = await Bed.TokenAsync(Bed.Installation.PolicyHash);
        await Bed.TokenAsync(Bed.Installation.PolicyHash, mission: "mission-1");
        await Bed.TokenAsync(Bed.Installation.PolicyHash, mission: "mission-2");
        await Bed.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = byToken.Cst });
        await Bed.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { MissionId = "mission-1" });

        var preview = (await Bed.ActivateAsync(hash, dryRun: true)).Preview;

        Assert.Equal((1L, 1L, "mission-2"), (preview.LiveTokenCount, preview.StrandedTokenCount, Assert.Single(preview.Stranded).MissionId));
    }

    [Fact]
    public async Task DryRun_MoreTokensThanAPage_CountsThemAll()
    {
        const int Count = 300;
        var hash = await Bed.HoldAsync(TestPolicies.Of("new", ["github"]));
        await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Bed.TokenAsync(Bed.Installation.PolicyHash)));

        var preview = (await Bed.ActivateAsync(hash, dryRun: true)).Preview;

        Assert.Equal((Count, Count, Count), (preview.LiveTokenCount, preview.StrandedTokenCount, Assert.Single(preview.Stranded).TokenCount));
    }

    [Fact]
    public async Task DryRun_OfTheActivePolicy_StrandsNone()
    {
        await Bed.TokenAsync(Bed.Installation.PolicyHash);

        var preview = (await Bed.ActivateAsync(Bed.Installation.PolicyHash, dryRun: true)).Preview;

        Assert.Equal((true, 1L, 0L), (preview.AlreadyActive, preview.LiveTokenCount, preview.StrandedTokenCount));
    }

    [Theory]
    [InlineData(1, "", ReasonCode.ActivationRollback)]
    [InlineData(2, "", ReasonCode.Unspecified)]
    [InlineData(0, "gateway-c", ReasonCode.AudienceNotAllowed)]
    public async Task DryRun_WhatWouldBeRefused_IsRefused(ulong number, string audience, ReasonCode reason)
    {
        var hash = await Bed.HoldAsync(TestPolicies.Of("new", ["github"]));

        var response = await Bed.ActivateAsync(hash, audience, number, dryRun: true);

        Assert.Equal(reason, response.Refusal?.ReasonCode ?? ReasonCode.Unspecified);
        Assert.Single(await Bed.ActivationsAsync());
    }
}
