using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

public sealed class KeyRotationTests
{
    [Fact]
    public async Task Validate_ManyTokensOfAKnownKey_FetchOnce()
    {
        await using var bed = await TestBed.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => bed.AcceptAsync(bed.Claims())));

        Assert.Equal(1, bed.Provider.DiscoveryCount);
        Assert.Equal(1, bed.Provider.KeySetCount);
    }

    [Fact]
    public async Task Validate_NewKeyBesideTheOld_FetchesOnceAndAcceptsBoth()
    {
        await using var bed = await TestBed.StartAsync();
        await bed.AcceptAsync(bed.Claims());
        bed.Provider.Keys = [SigningKey.Rsa1.Jwk(), SigningKey.Rsa2.Jwk()];

        await bed.AcceptAsync(bed.Claims());
        Assert.Equal(1, bed.Provider.KeySetCount);
        await bed.AcceptAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa2, "RS256"));
        await bed.AcceptAsync(bed.Claims());

        Assert.Equal(2, bed.Provider.KeySetCount);
    }

    [Fact]
    public async Task Validate_NewKeyInPlaceOfTheOld_EndsTheOldOne()
    {
        await using var bed = await TestBed.StartAsync();
        await bed.AcceptAsync(bed.Claims());
        bed.Provider.Keys = [SigningKey.Rsa2.Jwk()];

        await bed.AcceptAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa2, "RS256"));

        Assert.Equal(IdentityFailure.IdTokenUnknownKid, await bed.RefusalAsync(bed.Claims()));
        Assert.Equal(2, bed.Provider.KeySetCount);
    }

    [Fact]
    public async Task Validate_FloodOfUnknownIds_FetchesOnceInEachInterval()
    {
        await using var bed = await TestBed.StartAsync();
        await bed.AcceptAsync(bed.Claims());

        await FloodAsync(bed, "a", 40);
        Assert.Equal(2, bed.Provider.KeySetCount);
        bed.Time.Advance(TimeSpan.FromSeconds(29));
        await FloodAsync(bed, "b", 40);
        Assert.Equal(2, bed.Provider.KeySetCount);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        await FloodAsync(bed, "c", 40);

        Assert.Equal(3, bed.Provider.KeySetCount);
        Assert.Equal(3, bed.Provider.DiscoveryCount);
    }

    [Fact]
    public async Task Validate_NewKeyBehindAFlood_IsFoundInTheNextInterval()
    {
        await using var bed = await TestBed.StartAsync();
        await bed.AcceptAsync(bed.Claims());
        await FloodAsync(bed, "a", 1);
        bed.Provider.Keys = [SigningKey.Rsa1.Jwk(), SigningKey.Rsa2.Jwk()];
        var token = TestBed.Sign(bed.Claims(), SigningKey.Rsa2, "RS256");

        bed.Time.Advance(TimeSpan.FromSeconds(10));
        var early = Assert.IsType<IdentityRefusal>(await bed.ValidateAsync(token));
        bed.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(IdentityFailure.IdTokenUnknownKid, early.Code);
        Assert.Equal(TimeSpan.FromSeconds(20), early.RetryAfter);
        await bed.AcceptAsync(token);
    }

    [Fact]
    public async Task Validate_ConcurrentTokensOfANewKey_ShareOneFetch()
    {
        await using var bed = await TestBed.StartAsync();
        await bed.AcceptAsync(bed.Claims());
        bed.Provider.Keys = [SigningKey.Rsa2.Jwk()];
        var token = TestBed.Sign(bed.Claims(), SigningKey.Rsa2, "RS256");

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => bed.AcceptAsync(token)));

        Assert.Equal(2, bed.Provider.KeySetCount);
    }

    [Fact]
    public async Task Validate_CancelledCaller_LeavesTheFetchToTheOthers()
    {
        await using var bed = await TestBed.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = bed.Provider.KeySet;
        bed.Provider.KeySet = async context =>
        {
            await gate.Task;
            await answer(context);
        };
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var first = bed.Validator.ValidateAsync(TestBed.Sign(bed.Claims()), cancelled.Token);
        await bed.Provider.ArrivalAsync();
        var second = bed.AcceptAsync(bed.Claims());

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        await second;

        Assert.Equal(1, bed.Provider.KeySetCount);
    }

    private static Task FloodAsync(TestBed bed, string prefix, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async index =>
        Assert.Equal(
            IdentityFailure.IdTokenUnknownKid,
            await bed.RefusalAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa1.Named($"{prefix}{index}"), "RS256")))));
}
