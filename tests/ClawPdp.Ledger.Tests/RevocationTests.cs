namespace ClawPdp.Ledger.Tests;

public sealed class RevocationTests : IDisposable
{
    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task AppendRevocation_EveryKind_IsLoadedAfterReopening()
    {
        var kinds = Enum.GetValues<RevocationTargetKind>().Where(static kind => kind != RevocationTargetKind.Unspecified);
        var expected = kinds.Select(static kind => Samples.Revocation("rev_" + kind, "value", kind)).ToList();
        var store = _ledger.Open();
        foreach (var revocation in expected)
        {
            var outcome = await store.Revocations.AppendAsync(revocation, Cancellation);
            Assert.Equal(RevokeStatus.Revoked, outcome.Status);
        }

        await store.DisposeAsync();
        await using var reopened = _ledger.Open();

        Assert.Equal(8, expected.Count);
        Assert.Equal(expected, reopened.LoadRevocations());
    }

    [Fact]
    public async Task AppendRevocation_Again_KeepsTheFirstTimeAndAddsNothing()
    {
        await using var store = _ledger.Open();
        var first = Samples.Revocation("rev_1");
        await store.Revocations.AppendAsync(first, Cancellation);

        var outcome = await store.Revocations.AppendAsync(first with { RevocationId = "rev_2", RevokedAt = Samples.Instant.AddHours(1) }, Cancellation);

        Assert.Equal(RevokeStatus.AlreadyRevoked, outcome.Status);
        Assert.Equal(Samples.Instant, outcome.RevokedAt);
        Assert.Equal("rev_1", outcome.Record.RevocationId);
        Assert.Equal(1, store.Health.RecordCount);
        Assert.Equal(first, Assert.Single(store.LoadRevocations()));
    }

    [Fact]
    public async Task AppendRevocation_AgainForLonger_LastsLonger()
    {
        var first = Samples.Revocation("rev_1") with { ExpiresAt = Samples.Instant.AddHours(1) };
        var store = _ledger.Open();
        await store.Revocations.AppendAsync(first, Cancellation);

        var longer = await store.Revocations.AppendAsync(first with { RevocationId = "rev_2", ExpiresAt = Samples.Instant.AddHours(2) }, Cancellation);
        var shorter = await store.Revocations.AppendAsync(first with { RevocationId = "rev_3" }, Cancellation);
        var forever = await store.Revocations.AppendAsync(first with { RevocationId = "rev_4", ExpiresAt = null }, Cancellation);
        var again = await store.Revocations.AppendAsync(first with { RevocationId = "rev_5" }, Cancellation);
        await store.DisposeAsync();
        await using var reopened = _ledger.Open();

        Assert.All([longer, shorter, forever, again], static outcome => Assert.Equal(RevokeStatus.AlreadyRevoked, outcome.Status));
        Assert.Equal(Samples.Instant.AddHours(2), longer.Record.ExpiresAt);
        Assert.Equal(Samples.Instant.AddHours(2), shorter.Record.ExpiresAt);
        Assert.Equal(first with { ExpiresAt = null }, forever.Record);
        Assert.Equal(first with { ExpiresAt = null }, again.Record);
        Assert.Equal(first with { ExpiresAt = null }, Assert.Single(reopened.LoadRevocations()));
        Assert.Equal(3, reopened.Health.RecordCount);
        Assert.Null(reopened.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task AppendRevocation_ConcurrentDuplicates_MakeOneRecord()
    {
        await using var store = _ledger.Open();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(
            () => store.Revocations.AppendAsync(Samples.Revocation("rev_1"), Cancellation),
            Cancellation)));

        Assert.Single(outcomes, static outcome => outcome.Status == RevokeStatus.Revoked);
        Assert.Equal(1, store.Health.RecordCount);
    }

    [Theory]
    [InlineData(RevocationTargetKind.Unspecified, "value")]
    [InlineData((RevocationTargetKind)9, "value")]
    [InlineData(RevocationTargetKind.Subject, "")]
    public async Task AppendRevocation_NamesNothing_Throws(RevocationTargetKind kind, string value)
    {
        await using var store = _ledger.Open();

        await Assert.ThrowsAsync<ArgumentException>(() => store.Revocations.AppendAsync(Samples.Revocation("rev_1", value, kind), Cancellation));
    }

    [Fact]
    public async Task VisitTargets_AfterReopening_TellsTheEndsThatHold()
    {
        var end = Samples.Instant.AddTicks(1);
        await using (var store = _ledger.Open())
        {
            await store.Revocations.AppendAsync(Samples.Revocation("rev_1", "ends") with { ExpiresAt = end }, Cancellation);
            await store.Revocations.AppendAsync(Samples.Revocation("rev_2", "longer") with { ExpiresAt = end }, Cancellation);
            await store.Revocations.AppendAsync(Samples.Revocation("rev_3", "longer") with { ExpiresAt = end.AddDays(1) }, Cancellation);
            await store.Revocations.AppendAsync(Samples.Revocation("rev_4", "never"), Cancellation);
        }

        await using var reopened = _ledger.Open();
        var targets = new List<RevocationTarget>();

        Assert.Equal(3, reopened.Revocations.VisitTargets(targets.Add));
        Assert.Equal(["ends", "longer", "never"], targets.Select(static target => target.Value));
        Assert.InRange(targets[0].ExpiresAt ?? default, end, end.AddMilliseconds(1));
        Assert.InRange(targets[1].ExpiresAt ?? default, end.AddDays(1), end.AddDays(1).AddMilliseconds(1));
        Assert.Null(targets[2].ExpiresAt);
    }

    [Fact]
    public async Task ReadChanges_AfterATargetWasMadeLonger_GivesItAgainInItsNewPlace()
    {
        await using var store = _ledger.Open();
        var first = Samples.Revocation("rev_1", "a") with { ExpiresAt = Samples.Instant };
        await store.Revocations.AppendAsync(first, Cancellation);
        await store.Revocations.AppendAsync(Samples.Revocation("rev_2", "b"), Cancellation);
        var seen = store.Revocations.ReadChanges(0, 10);
        await store.Revocations.AppendAsync(first with { RevocationId = "rev_3", ExpiresAt = null }, Cancellation);

        var again = store.Revocations.ReadChanges(seen[^1].LastSequence, 10);

        Assert.Equal(["a", "b"], seen.Select(static revocation => revocation.Record.Value));
        Assert.Equal((1, 3, "rev_1", null), (again[0].Sequence, again[0].LastSequence, again[0].Record.RevocationId, again[0].Record.ExpiresAt));
        Assert.Empty(store.Revocations.ReadChanges(3, 10));
        Assert.Equal(["b"], store.Revocations.ReadChanges(0, 1).Select(static revocation => revocation.Record.Value));
    }
}
