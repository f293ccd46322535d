using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Tests;

public sealed class ApprovalTests : IDisposable
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task AppendDecision_WithAnApproval_RecordsBothAndUsesItUp()
    {
        await using var store = _ledger.Open();

        var status = await store.AppendDecisionAsync(Approved("dec_1"), Approval(), Cancellation);

        Assert.Equal(AppendStatus.Appended, status);
        Assert.Equal([RecordKind.Document, RecordKind.Decision], store.ReadRecords(1, 9).Select(static record => record.Kind));
        Assert.Equal(Hash, store.FindDecision("dec_1")?.ApprovalHash);
        Assert.Equal((true, false), (store.IsApprovalUsed(Hash), store.IsApprovalUsed(Hash[1..])));
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task AppendDecision_ApprovalUsedBefore_RecordsNothingAlsoAfterReopening()
    {
        await using (var store = _ledger.Open())
        {
            await store.AppendDecisionAsync(Approved("dec_1"), Approval(), Cancellation);
            Assert.Equal(AppendStatus.ApprovalUsed, await store.AppendDecisionAsync(Approved("dec_2"), Approval(), Cancellation));
        }

        await using var reopened = _ledger.Open();
        var status = await reopened.AppendDecisionAsync(Approved("dec_3"), Approval(), Cancellation);

        Assert.Equal(AppendStatus.ApprovalUsed, status);
        Assert.Equal(2, reopened.Head.Sequence);
        Assert.Null(reopened.FindDecision("dec_3"));
    }

    [Fact]
    public async Task AppendDecision_OneApprovalManyTimesAtOnce_ExactlyOneWins()
    {
        await using var store = _ledger.Open();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 64).Select(number => Task.Run(
            () => store.AppendDecisionAsync(Approved("dec_" + number.ToString(CultureInfo.InvariantCulture)), Approval(), Cancellation),
            Cancellation)));

        Assert.Equal((1, 63), (statuses.Count(static status => status == AppendStatus.Appended), statuses.Count(static status => status == AppendStatus.ApprovalUsed)));
        Assert.Equal(2, store.Head.Sequence);
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task AppendDecision_DiskFails_UsesNothingUp()
    {
        var settings = _ledger.Settings with { BusyTimeout = TimeSpan.FromMilliseconds(1) };
        await using var store = TemporaryLedger.Open(settings);
        using (var outside = _ledger.OpenRaw())
        {
            TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
            await Assert.ThrowsAsync<LedgerException>(() => store.AppendDecisionAsync(Approved("dec_1"), Approval(), Cancellation));
            TemporaryLedger.Run(outside, "ROLLBACK");
        }

        Assert.False(store.IsApprovalUsed(Hash));
        Assert.Equal(AppendStatus.Appended, await store.AppendDecisionAsync(Approved("dec_2"), Approval(), Cancellation));
    }

    [Fact]
    public async Task AppendDecision_ApprovalOfAnotherDecision_Throws()
    {
        await using var store = _ledger.Open();

        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendDecisionAsync(Approved("dec_1") with { ApprovalHash = null }, Approval(), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendDecisionAsync(Approved("dec_1"), Approval() with { DocumentType = DocumentRecord.Policy }, Cancellation));
    }

    [Theory]
    [InlineData("DELETE FROM used_approval")]
    [InlineData("UPDATE used_approval SET sequence = 1")]
    public async Task Open_UseOfAnApprovalWasForgotten_IsRefused(string statement)
    {
        await using (var store = _ledger.Open())
        {
            await store.AppendDecisionAsync(Approved("dec_1"), Approval(), Cancellation);
        }

        _ledger.Tamper(statement);

        Assert.Equal(LedgerFault.Corrupt, Assert.Throws<LedgerException>(_ledger.Open).Fault);
    }

    [Fact]
    public async Task Open_FileOfAnOlderVersion_GetsTheTables()
    {
        LedgerFiles.EnsureDirectory(_ledger.DirectoryPath);
        LedgerFiles.EnsureDatabase(_ledger.DatabasePath);
        using (var connection = _ledger.OpenRaw())
        {
            LedgerSchema.Upgrade(connection, version: 0, LedgerSchema.Steps[..VersionBefore()]);
        }

        await using var upgraded = _ledger.Open();

        Assert.Equal(AppendStatus.Appended, await upgraded.AppendDecisionAsync(Approved("dec_1"), Approval(), Cancellation));
    }

    [Fact]
    public async Task FindDecision_EveryMember_ReadsBackAsItWasWritten()
    {
        await using var store = _ledger.Open();
        var expected = Samples.Decision("dec_1") with
        {
            FirstDecidedAt = Samples.Decision("dec_1").DecidedAt.AddMinutes(-1),
            QuestionCount = 1L << 40,
            Audience = "gateway",
            StatedJson = """{"Caller:Ticket":"OPS-1 \"ü\""}""",
            StatementIds = ["one", "two"],
            ShadowPolicyHash = Hash,
            ShadowReasonCode = "POLICY_VIOLATION",
        };
        await store.AppendDecisionAsync(expected, Cancellation);

        var actual = store.FindDecision("dec_1");

        Assert.Equal(["one", "two"], actual?.StatementIds ?? []);
        Assert.Equal(expected with { StatementIds = [] }, actual is null ? null : actual with { StatementIds = ImmutableArray<string>.Empty });
        Assert.Null(store.FindDecision("dec_2"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    public async Task AppendDecision_StatedIsNoObject_ThrowsOrIsLost(string stated)
    {
        await using var store = _ledger.Open();

        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendDecisionAsync(Samples.Decision("dec_1") with { StatedJson = stated }, Cancellation));
        Assert.False(store.TryEnqueueDecision(Samples.Decision("dec_1") with { StatedJson = stated }));
    }

    [Fact]
    public async Task FlushDecisions_HandedOverBefore_AreOnDisk()
    {
        await using var store = TemporaryLedger.Open(_ledger.Settings with { DecisionLinger = TimeSpan.FromSeconds(1) });
        Assert.True(store.TryEnqueueDecision(Samples.Decision("dec_1")));

        await store.FlushDecisionsAsync(Cancellation);

        Assert.NotNull(store.FindDecision("dec_1"));
    }

    [Fact]
    public async Task AppendReceipt_NamesAnApprovedDecision_OneOfEachKindIsTaken()
    {
        await using var store = _ledger.Open();
        await store.AppendDecisionAsync(Approved("dec_1"), Approval(), Cancellation);

        var first = await store.AppendReceiptAsync(Receipts.Draft("r1", decision: Claim("tool_receipt")), Cancellation);
        var again = await store.AppendReceiptAsync(Receipts.Draft("r2", decision: Claim("tool_receipt")), Cancellation);
        var effect = await store.AppendReceiptAsync(Receipts.Draft("r3", decision: Claim("side_effect_receipt")), Cancellation);
        var replay = await store.AppendReceiptAsync(Receipts.Draft("r1", decision: Claim("tool_receipt")), Cancellation);

        Assert.Equal(
            [AppendStatus.Appended, AppendStatus.DecisionReported, AppendStatus.Appended, AppendStatus.Replayed],
            new[] { first.Status, again.Status, effect.Status, replay.Status });
    }

    [Theory]
    [InlineData("openai", Hash, AppendStatus.Appended)]
    [InlineData("", "", AppendStatus.Appended)]
    [InlineData("other", Hash, AppendStatus.DecisionMismatch)]
    [InlineData("openai", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFA", AppendStatus.DecisionMismatch)]
    public async Task AppendReceipt_ProviderAndArguments_AreComparedWhereBothAreStated(string provider, string arguments, AppendStatus status)
    {
        await using var store = _ledger.Open();
        await store.AppendDecisionAsync(Approved("dec_1") with { ApprovalHash = null, Provider = "openai", ArgumentsHash = Hash }, Cancellation);
        await store.AppendDecisionAsync(Approved("dec_2") with { ApprovalHash = null }, Cancellation);
        var claim = Claim("tool_receipt") with { Provider = provider, ArgumentsHash = arguments };

        var compared = await store.AppendReceiptAsync(Receipts.Draft("r1", decision: claim), Cancellation);
        var unstated = await store.AppendReceiptAsync(Receipts.Draft("r2", decision: claim with { DecisionId = "dec_2" }), Cancellation);

        Assert.Equal((status, AppendStatus.Appended), (compared.Status, unstated.Status));
    }

    [Fact]
    public async Task SealRun_DecisionRestsOnAnApproval_TheApprovalBelongsToTheRun()
    {
        await using var store = _ledger.Open();
        await store.AppendDecisionAsync(Approved("dec_1"), Approval(), Cancellation);
        await store.AppendDecisionAsync(Approved("dec_2") with { ApprovalHash = "other" }, Approval() with { Hash = "other" }, Cancellation);
        await store.AppendReceiptAsync(Receipts.Draft("r1", decision: Claim("tool_receipt")), Cancellation);

        var seal = (await store.SealRunAsync("run_1", Samples.Instant, Cancellation)).Record;

        Assert.Equal([1, 2, 5, 6, 7], seal?.Members ?? []);
    }

    private static int VersionBefore() => LedgerSchema.Steps.IndexOf(LedgerSchema.Steps.Single(static step => step.Contains("TABLE used_approval", StringComparison.Ordinal)));

    private static DecisionClaim Claim(string type) =>
        new() { DecisionId = "dec_1", TokenScopeHash = "scope", Tool = "argo-cd", Model = "", Host = "", ReceiptType = type };

    private static DecisionRecord Approved(string id) => Samples.Decision(id) with { Effect = "ALLOW", ReasonCode = "ALLOWED", TokenScopeHash = "scope", ApprovalHash = Hash, Mode = "durable" };

    private static DocumentRecord Approval() =>
        new() { DocumentType = DocumentRecord.HumanApproval, Hash = Hash, RecordedAt = Samples.Instant, Text = Encoding.UTF8.GetBytes("""{"payload":{}}""") };
}
