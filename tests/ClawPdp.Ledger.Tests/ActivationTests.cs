using System.Globalization;
using System.Text;
using ClawPdp.Ledger.Policies;
using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Tests;

public sealed class ActivationTests : IDisposable
{
    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Theory]
    [InlineData(0, 6)]
    [InlineData(6, 6)]
    [InlineData(7, 7)]
    [InlineData(ActivationRecord.NumberMax, ActivationRecord.NumberMax)]
    public async Task Activate_GreaterNumber_IsRecorded(long given, long expected)
    {
        await using var store = _ledger.Open();
        await store.Policies.ActivateAsync(Draft("first") with { ActivationNumber = 5 }, Cancellation);

        var outcome = await store.Policies.ActivateAsync(Draft("second") with { ActivationNumber = given }, Cancellation);

        Assert.Equal((expected, 5L), (outcome.Record?.ActivationNumber, outcome.LastNumber));
        Assert.Equal(expected, store.Policies.ReadLastNumber());
    }

    [Theory]
    [InlineData(5, "")]
    [InlineData(4, "")]
    [InlineData(1, "")]
    [InlineData(5, "another audience")]
    public async Task Activate_NumberThatWasPassed_ChangesNothing(long given, string audience)
    {
        await using var store = _ledger.Open();
        await store.Policies.ActivateAsync(Draft("first") with { ActivationNumber = 5 }, Cancellation);

        var outcome = await store.Policies.ActivateAsync(Draft("old") with { ActivationNumber = given, Audience = audience, Facts = [("fact", "new")] }, Cancellation);

        Assert.Equal(new ActivationOutcome(Record: null, LastNumber: 5), outcome);
        Assert.Equal(("first", 1L, null), (Assert.Single(store.Policies.ReadActive()).PolicyHash, store.Head.Sequence, store.GetMeta("fact")));
    }

    [Fact]
    public async Task Activate_AfterTheHighestNumber_IsRefusedForEver()
    {
        await using var store = _ledger.Open();
        await store.Policies.ActivateAsync(Draft("first") with { ActivationNumber = ActivationRecord.NumberMax }, Cancellation);

        var outcome = await store.Policies.ActivateAsync(Draft("second"), Cancellation);

        Assert.Null(outcome.Record);
    }

    [Theory]
    [InlineData(-1, "api", 0)]
    [InlineData(ActivationRecord.NumberMax + 1, "api", 0)]
    [InlineData(0, "somewhere", 0)]
    [InlineData(0, "api", -1)]
    public async Task Activate_OutOfBounds_Throws(long number, string source, int overlapSeconds)
    {
        await using var store = _ledger.Open();
        var draft = Draft("policy") with { ActivationNumber = number, Source = source, Overlap = TimeSpan.FromSeconds(overlapSeconds) };

        await Assert.ThrowsAsync<ArgumentException>(() => store.Policies.ActivateAsync(draft, Cancellation));
        Assert.Equal(0, store.Head.Sequence);
    }

    [Fact]
    public async Task Activate_Reopened_KnowsTheNumberAndEveryMember()
    {
        ActivationRecord? first;
        ActivationRecord? second;
        await using (var store = _ledger.Open())
        {
            first = (await store.Policies.ActivateAsync(Draft("first"), Cancellation)).Record;
            second = (await store.Policies.ActivateAsync(
                Draft("second") with { Overlap = TimeSpan.FromMinutes(5), Reason = "a reason", Source = ActivationRecord.File, Facts = [("fact", "new")] },
                Cancellation)).Record;
        }

        await using var reopened = _ledger.Open();
        var refused = await reopened.Policies.ActivateAsync(Draft("first") with { ActivationNumber = 2 }, Cancellation);

        Assert.Null(refused.Record);
        Assert.Equal([second, first], reopened.Policies.ReadActivations(0, 10).Cast<ActivationRecord?>());
        Assert.Equal(("first", Samples.Instant.AddMinutes(5), "a reason", "file"), (second?.PreviousPolicyHash, second?.OverlapUntil, second?.Reason, second?.Source));
        Assert.Equal(((string?)null, (DateTimeOffset?)null), (first?.PreviousPolicyHash, first?.OverlapUntil));
        Assert.Equal("new", reopened.GetMeta("fact"));
        Assert.Null(reopened.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task Activate_FirstWithOverlap_HasNothingToOverlap()
    {
        await using var store = _ledger.Open();

        var outcome = await store.Policies.ActivateAsync(Draft("first") with { Overlap = TimeSpan.FromMinutes(5) }, Cancellation);

        Assert.Null(outcome.Record?.OverlapUntil);
    }

    [Fact]
    public async Task Activate_Concurrently_GivesEachItsOwnNumber()
    {
        await using var store = _ledger.Open();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(index => Task.Run(
            () => store.Policies.ActivateAsync(Draft("policy" + Text(index)) with { Audience = index % 2 == 0 ? "" : "a" }, Cancellation),
            Cancellation)));

        Assert.Equal(Enumerable.Range(1, 64).Select(static number => (long)number), outcomes.Select(static outcome => outcome.Record?.ActivationNumber ?? 0).Order());
        Assert.Equal(64, store.Policies.ReadLastNumber());
        Assert.Null(store.VerifyChain(store.Head, Cancellation));
    }

    [Fact]
    public async Task Activate_SameNumberConcurrently_IsTakenOnce()
    {
        await using var store = _ledger.Open();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(index => Task.Run(
            () => store.Policies.ActivateAsync(Draft("policy" + Text(index)) with { ActivationNumber = 7 }, Cancellation),
            Cancellation)));

        Assert.Single(outcomes, static outcome => outcome.Record is not null);
        Assert.Equal(1, store.Head.Sequence);
    }

    [Fact]
    public async Task ReadActive_SeveralAudiences_GivesTheLastOfEach()
    {
        await using var store = _ledger.Open();
        foreach (var (policy, audience) in new[] { ("p1", ""), ("p2", "a"), ("p3", "b"), ("p4", "a"), ("p5", "") })
        {
            await store.Policies.ActivateAsync(Draft(policy) with { Audience = audience }, Cancellation);
        }

        var active = store.Policies.ReadActive();

        Assert.Equal([("p3", "b", 3L), ("p4", "a", 4L), ("p5", "", 5L)], active.Select(static item => (item.PolicyHash, item.Audience, item.ActivationNumber)));
        Assert.Equal(["p1", "p2", "p1"], active.Select(static item => item.PreviousPolicyHash));
    }

    [Fact]
    public async Task ReadActivations_Pages_JoinWithoutGapOrRepeat()
    {
        await using var store = _ledger.Open();
        for (var number = 2; number <= 20; number += 2)
        {
            await store.Policies.ActivateAsync(Draft("policy") with { ActivationNumber = number }, Cancellation);
        }

        var first = store.Policies.ReadActivations(0, 4);
        var second = store.Policies.ReadActivations(first[^1].ActivationNumber, 4);
        var third = store.Policies.ReadActivations(second[^1].ActivationNumber, 4);

        Assert.Equal(Enumerable.Range(1, 10).Select(static index => 22L - (2 * index)), first.Concat(second).Concat(third).Select(static item => item.ActivationNumber));
        Assert.Empty(store.Policies.ReadActivations(2, 4));
    }

    [Theory]
    [InlineData("DELETE FROM activation")]
    [InlineData("UPDATE activation SET number = 2")]
    [InlineData("UPDATE activation SET audience = 'other'")]
    public async Task VerifyChain_TableSaysOtherwise_IsSeen(string statement)
    {
        await using (var store = _ledger.Open())
        {
            await store.Policies.ActivateAsync(Draft("policy"), Cancellation);
        }

        _ledger.Tamper(statement);

        Assert.Equal(LedgerFault.Corrupt, Assert.Throws<LedgerException>(_ledger.Open).Fault);
    }

    [Fact]
    public async Task Upgrade_FileOfTheVersionBefore_TakesActivations()
    {
        await using (var store = _ledger.Open())
        {
            await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);
        }

        var step = LedgerSchema.Steps.IndexOf(LedgerSchema.Steps.Single(static step => step.Contains("CREATE TABLE activation", StringComparison.Ordinal)));
        _ledger.Tamper("DROP TABLE activation; DROP TABLE policy_envelope");
        using (var connection = _ledger.OpenRaw())
        {
            LedgerSchema.Upgrade(connection, 0, [LedgerSchema.Steps[step]]);
            TemporaryLedger.Run(connection, $"PRAGMA user_version = {LedgerSchema.Steps.Length}");
        }

        await using var upgraded = _ledger.Open();
        var outcome = await upgraded.Policies.ActivateAsync(Draft("policy"), Cancellation);

        Assert.Equal((1L, 2L), (outcome.Record?.ActivationNumber, upgraded.Head.Sequence));
    }

    [Fact]
    public async Task ReadEnvelopes_SignedAgain_GivesTheLaterOneLast()
    {
        await using (var store = _ledger.Open())
        {
            await store.KeepDocumentAsync(Samples.Document(DocumentRecord.Policy, "policy"), Cancellation);
            await store.KeepDocumentAsync(Samples.Document(DocumentRecord.ScopeMapping, "mapping"), Cancellation);
            var first = await store.Policies.KeepEnvelopeAsync("policy", Samples.Document(DocumentRecord.PolicyEnvelope, "envelope"), Cancellation);
            var again = await store.Policies.KeepEnvelopeAsync("policy", Samples.Document(DocumentRecord.PolicyEnvelope, "envelope"), Cancellation);
            Assert.Equal((3L, 3L), (first, again));
        }

        await using var reopened = _ledger.Open();

        Assert.Equal(["policy", "envelope"], reopened.Policies.ReadEnvelopes().Select(static document => document.Hash));
        Assert.Null(reopened.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task SealRun_PolicyThatInherits_HoldsTheWholeChainAndItsLaterEnvelopes()
    {
        await using var store = _ledger.Open();
        await store.KeepDocumentAsync(Policy("grandparent", inherits: null), Cancellation);
        await store.KeepDocumentAsync(Policy("parent", "grandparent"), Cancellation);
        await store.KeepDocumentAsync(Policy("policy", "parent"), Cancellation);
        await store.KeepDocumentAsync(Policy("unrelated", inherits: null), Cancellation);
        await store.Policies.KeepEnvelopeAsync("parent", Samples.Document(DocumentRecord.PolicyEnvelope, "signed again"), Cancellation);
        await store.AppendReceiptAsync(Receipts.Draft("r1"), Cancellation);

        var seal = await store.SealRunAsync("run_1", Samples.Instant, Cancellation);

        Assert.Equal([1, 2, 3, 5], seal.Record?.Members.Where(static sequence => sequence <= 5));
    }

    [Fact]
    public async Task SealRun_PoliciesThatInheritInACircle_Ends()
    {
        await using var store = _ledger.Open();
        await store.KeepDocumentAsync(Policy("policy", "policy"), Cancellation);
        await store.AppendReceiptAsync(Receipts.Draft("r1"), Cancellation);

        var seal = await store.SealRunAsync("run_1", Samples.Instant, Cancellation);

        Assert.Equal([1, 2, 3, 4], seal.Record?.Members);
    }

    [Fact]
    public async Task ReadIssuances_Pages_AreNewestFirst()
    {
        await using var store = _ledger.Open();
        foreach (var index in Enumerable.Range(1, 5))
        {
            await store.AppendIssuanceAsync(Samples.Issuance("iss_" + Text(index), "hash" + Text(index)), Cancellation);
            await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);
        }

        var first = store.Policies.ReadIssuances(0, 3);
        var second = store.Policies.ReadIssuances(first[^1].Sequence, 3);

        Assert.Equal(["iss_5", "iss_4", "iss_3", "iss_2", "iss_1"], first.Concat(second).Select(static item => item.Record.IssuanceId));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ActivationDraft Draft(string policy) =>
        new() { PolicyHash = policy, Audience = "", ActivatedAt = Samples.Instant, Source = ActivationRecord.Api };

    private static DocumentRecord Policy(string hash, string? inherits) => Samples.Document(DocumentRecord.Policy, hash) with
    {
        Text = Encoding.UTF8.GetBytes(inherits is null ? """{"payload":{}}""" : $$$"""{"payload":{"inherits":"{{{inherits}}}"}}"""),
    };
}
