using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

public sealed class KeyOutageTests
{
    [Fact]
    public async Task Validate_IssuerDownFromTheStart_IsUnavailableAndAskedOnceInEachInterval()
    {
        await using var bed = await TestBed.StartAsync();
        var answer = bed.Provider.Discovery;
        bed.Provider.Discovery = StubIdentityProvider.Status(503);

        for (var request = 0; request < 20; request++)
        {
            Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
        }

        Assert.Equal(1, bed.Provider.DiscoveryCount);
        Assert.Equal(IssuerState.Unavailable, bed.Source.Health.State);
        bed.Time.Advance(TimeSpan.FromSeconds(29));
        bed.Provider.Discovery = answer;
        var refusal = Assert.IsType<IdentityRefusal>(await bed.ValidateAsync(TestBed.Sign(bed.Claims())));
        Assert.Equal(TimeSpan.FromSeconds(1), refusal.RetryAfter);
        Assert.Equal(1, bed.Provider.DiscoveryCount);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await bed.AcceptAsync(bed.Claims());
        Assert.Equal(IssuerState.Healthy, bed.Source.Health.State);
    }

    [Fact]
    public async Task Validate_NobodyListens_IsUnavailable()
    {
        await using var bed = await TestBed.StartAsync();
        var token = TestBed.Sign(bed.Claims());
        await bed.Provider.DisposeAsync();

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Validate_IssuerThatHangs_IsUnavailableAfterTheTimeout(bool atDiscovery)
    {
        await using var bed = await TestBed.StartAsync();
        if (atDiscovery)
        {
            bed.Provider.Discovery = StubIdentityProvider.HangAsync;
        }
        else
        {
            bed.Provider.KeySet = StubIdentityProvider.HangAsync;
        }

        var refusal = bed.RefusalAsync(bed.Claims());
        await bed.Provider.ArrivalAsync();
        if (!atDiscovery)
        {
            await bed.Provider.ArrivalAsync();
        }

        bed.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(IdentityFailure.IdpUnavailable, await refusal);
        Assert.Equal("the issuer did not answer in time", bed.Source.Health.LastFailureReason);
    }

    [Fact]
    public async Task Validate_AnswerThatTrickles_IsCutAtTheTimeout()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.KeySet = static async context =>
        {
            await context.Response.Body.WriteAsync("{\"keys\":["u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await StubIdentityProvider.HangAsync(context);
        };

        var refusal = bed.RefusalAsync(bed.Claims());
        await bed.Provider.ArrivalAsync();
        await bed.Provider.ArrivalAsync();
        bed.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(IdentityFailure.IdpUnavailable, await refusal);
    }

    [Fact]
    public async Task Validate_OutageAfterASuccess_KeepsTheLastGoodKeys()
    {
        await using var bed = await TestBed.StartAsync();
        await bed.AcceptAsync(bed.Claims());
        bed.Provider.KeySet = StubIdentityProvider.Status(500);

        var unknown = TestBed.Sign(bed.Claims(), SigningKey.Rsa2, "RS256");
        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(unknown));
        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(unknown));

        await bed.AcceptAsync(bed.Claims());
        Assert.Equal(2, bed.Provider.KeySetCount);
        var health = bed.Source.Health;
        Assert.Equal(IssuerState.Degraded, health.State);
        Assert.Equal(1, health.FailureCount);
        Assert.Equal(1, health.KeyCount);
        Assert.Equal("keys: the answer has status 500", health.LastFailureReason);
    }

    [Fact]
    public async Task Validate_LastGoodKeys_EndAtTheirBound()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims().With("exp", TestBed.Seconds(TestBed.Now + 1_000_000));
        await bed.AcceptAsync(claims);
        bed.Provider.Discovery = StubIdentityProvider.Status(500);
        bed.Time.Advance(TimeSpan.FromHours(24));
        var fresh = claims.With("iat", TestBed.Seconds(TestBed.Now + 86_400));

        await bed.AcceptAsync(fresh);
        Assert.Equal(1, bed.Provider.DiscoveryCount);
        bed.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(IdentityFailure.IdpKeysStale, await bed.RefusalAsync(fresh));
        Assert.Equal(IdentityFailure.IdpKeysStale, await bed.RefusalAsync(fresh));
        Assert.Equal(2, bed.Provider.DiscoveryCount);
        Assert.Equal(IssuerState.Stale, bed.Source.Health.State);
    }

    [Fact]
    public async Task Validate_StaleKeysAndIssuerBack_RecoversWithTheNextRequest()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims().With("exp", TestBed.Seconds(TestBed.Now + 1_000_000));
        await bed.AcceptAsync(claims);
        bed.Time.Advance(TimeSpan.FromSeconds(86_401));

        await bed.AcceptAsync(claims.With("iat", TestBed.Seconds(TestBed.Now + 86_400)));

        Assert.Equal(2, bed.Provider.DiscoveryCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Validate_WallClockSet_NeverMakesKeysYounger(int direction)
    {
        await using var bed = await TestBed.StartAsync();
        await bed.AcceptAsync(bed.Claims());
        bed.Provider.Discovery = StubIdentityProvider.Status(500);

        if (direction > 0)
        {
            bed.Time.WallOffset = TimeSpan.FromSeconds(86_401);
        }
        else
        {
            bed.Time.Advance(TimeSpan.FromSeconds(86_401));
            bed.Time.WallOffset = TimeSpan.FromSeconds(-86_401);
        }

        Assert.Equal(IdentityFailure.IdpKeysStale, await bed.RefusalAsync(bed.Claims()));
    }

    [Fact]
    public async Task Validate_OutageOfOneIssuer_LeavesTheOthers()
    {
        await using var down = await TestBed.StartAsync();
        await using var up = await TestBed.StartAsync();
        down.Provider.Discovery = StubIdentityProvider.Status(503);
        var validator = new IdTokenValidator([down.Source, up.Source], up.Time, up.ValidatorLog);

        var first = await validator.ValidateAsync(TestBed.Sign(down.Claims()), TestContext.Current.CancellationToken);
        var second = await validator.ValidateAsync(TestBed.Sign(up.Claims()), TestContext.Current.CancellationToken);

        Assert.Equal(IdentityFailure.IdpUnavailable, Assert.IsType<IdentityRefusal>(first).Code);
        Assert.IsType<VerifiedIdentity>(second);
    }

    [Fact]
    public async Task Validate_DisposedSource_IsUnavailable()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Source.Dispose();

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
    }
}
