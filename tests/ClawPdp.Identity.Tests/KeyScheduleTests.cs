using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

public sealed class KeyScheduleTests
{
    [Fact]
    public void Health_BeforeAnyFetch_IsPending()
    {
        var settings = IssuerSettings.Create(TestBed.Document("https://idp.example.com")).Value;
        using var source = new IssuerKeySource(settings, TimeProvider.System, new RecordingLogger<IssuerKeySource>());

        var health = source.Health;

        Assert.Equal("https://idp.example.com", health.Issuer);
        Assert.Equal(IssuerState.Pending, health.State);
        Assert.Null(health.LastSuccess);
        Assert.Null(health.LastFailure);
        Assert.Null(health.LastFailureReason);
        Assert.Equal(0, health.FailureCount);
        Assert.Equal(0, health.KeyCount);
    }

    [Fact]
    public async Task Run_Idle_FetchesAtOnceAndOnTheSchedule()
    {
        await using var bed = await TestBed.StartAsync();
        using var stop = new CancellationTokenSource();
        var run = bed.Source.RunAsync(stop.Token);
        await bed.SourceLog.NextAsync(TestBed.KeysFetched);
        Assert.Equal(1, bed.Provider.KeySetCount);

        await bed.Time.DelayAsync(TimeSpan.FromSeconds(900));
        bed.Time.Advance(TimeSpan.FromSeconds(899));
        Assert.Equal(1, bed.Provider.KeySetCount);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await bed.SourceLog.NextAsync(TestBed.KeysFetched);
        await bed.Time.DelayAsync(TimeSpan.FromSeconds(900));
        bed.Time.Advance(TimeSpan.FromSeconds(900));
        await bed.SourceLog.NextAsync(TestBed.KeysFetched);

        Assert.Equal(3, bed.Provider.KeySetCount);
        Assert.Equal(TestBed.Now + 1800, bed.Source.Health.LastSuccess?.ToUnixTimeSeconds());
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Run_KeyRemovedAtTheIssuer_EndsWithTheNextScheduledFetch()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims().With("exp", TestBed.Seconds(TestBed.Now + 10_000));
        using var stop = new CancellationTokenSource();
        var run = bed.Source.RunAsync(stop.Token);
        await bed.SourceLog.NextAsync(TestBed.KeysFetched);
        bed.Provider.Keys = [SigningKey.Rsa2.Jwk()];
        await bed.AcceptAsync(claims);

        await bed.Time.DelayAsync(TimeSpan.FromSeconds(900));
        bed.Time.Advance(TimeSpan.FromSeconds(900));
        await bed.SourceLog.NextAsync(TestBed.KeysFetched);

        Assert.Equal(IdentityFailure.IdTokenUnknownKid, await bed.RefusalAsync(claims));
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Run_Failures_AreRetriedEverLaterUpToTheSchedule()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Discovery = StubIdentityProvider.Status(503);
        using var stop = new CancellationTokenSource();
        var run = bed.Source.RunAsync(stop.Token);
        await bed.SourceLog.NextAsync(TestBed.KeyFetchFailed);
        var fetches = 1;

        foreach (var seconds in new[] { 30, 60, 120, 240, 480, 900, 900 })
        {
            await bed.Time.DelayAsync(TimeSpan.FromSeconds(seconds));
            bed.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.Equal(fetches, bed.Provider.DiscoveryCount);
            bed.Time.Advance(TimeSpan.FromSeconds(1));
            await bed.SourceLog.NextAsync(TestBed.KeyFetchFailed);
            fetches++;
            Assert.Equal(fetches, bed.Provider.DiscoveryCount);
            Assert.Equal(fetches, bed.Source.Health.FailureCount);
        }

        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Run_IssuerBack_ForgetsTheFailures()
    {
        await using var bed = await TestBed.StartAsync();
        var answer = bed.Provider.Discovery;
        bed.Provider.Discovery = StubIdentityProvider.Status(503);
        using var stop = new CancellationTokenSource();
        var run = bed.Source.RunAsync(stop.Token);
        await bed.SourceLog.NextAsync(TestBed.KeyFetchFailed);
        bed.Provider.Discovery = answer;

        await bed.Time.DelayAsync(TimeSpan.FromSeconds(30));
        bed.Time.Advance(TimeSpan.FromSeconds(30));
        await bed.SourceLog.NextAsync(TestBed.KeysFetched);

        var health = bed.Source.Health;
        Assert.Equal(IssuerState.Healthy, health.State);
        Assert.Equal(0, health.FailureCount);
        Assert.Equal(TestBed.Now, health.LastFailure?.ToUnixTimeSeconds());
        Assert.Equal("discovery: the answer has status 503", health.LastFailureReason);
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Run_FailedScheduledFetch_HoldsRequestsBackToo()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Discovery = StubIdentityProvider.Status(503);
        using var stop = new CancellationTokenSource();
        var run = bed.Source.RunAsync(stop.Token);
        await bed.SourceLog.NextAsync(TestBed.KeyFetchFailed);

        for (var request = 0; request < 20; request++)
        {
            Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
        }

        Assert.Equal(1, bed.Provider.DiscoveryCount);
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Run_WhileRequestsWait_SharesTheirFetch()
    {
        await using var bed = await TestBed.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = bed.Provider.Discovery;
        bed.Provider.Discovery = async context =>
        {
            await gate.Task;
            await answer(context);
        };
        using var stop = new CancellationTokenSource();
        var requests = Enumerable.Range(0, 10).Select(_ => bed.AcceptAsync(bed.Claims())).ToArray();
        var run = bed.Source.RunAsync(stop.Token);
        await bed.Provider.ArrivalAsync();

        gate.SetResult();
        await Task.WhenAll(requests);

        Assert.Equal(1, bed.Provider.KeySetCount);
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Run_CancelledWhileTheIssuerHangs_Ends()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Discovery = StubIdentityProvider.HangAsync;
        using var stop = new CancellationTokenSource();
        var run = bed.Source.RunAsync(stop.Token);
        await bed.Provider.ArrivalAsync();

        await stop.CancelAsync();

        await run;
    }
}
