using System.Globalization;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Ledger.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Ledger.Tests.Maintenance;

/// <summary>A ledger with records of two ages: half a year old and a day old, and all that a pruning has to tell apart.</summary>
internal sealed class OldLedger : IDisposable
{
    public const string Agent = "did:key:z6MkAgent";
    public const string FinishedRun = "run_finished";
    public const string OpenRun = "run_open";
    public const string LateRun = "run_late";

    public static readonly DateTimeOffset Old = Samples.Instant;
    public static readonly DateTimeOffset Now = Old.AddDays(180);
    public static readonly DateTimeOffset Before = Now.AddDays(-31);
    public static readonly string FinishedToken = new('1', 64);
    public static readonly string OpenToken = new('2', 64);
    public static readonly string LiveToken = new('3', 64);

    public TemporaryLedger Files { get; } = new();

    public FakeTimeProvider Time { get; } = new(Now);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Fills the ledger and gives the last record that is old.</summary>
    public async Task<long> FillAsync(int extraCount = 0)
    {
        await using var store = Files.Open();
        await store.KeepDocumentAsync(Samples.Document(DocumentRecord.ScopeMapping, "mapping"), Cancellation);
        await store.AppendIssuanceAsync(Issuance("iss_finished", FinishedToken, Old.AddMinutes(10)), Cancellation);
        await store.AppendIssuanceAsync(Issuance("iss_open", OpenToken, Old.AddMinutes(10)), Cancellation);
        await store.AppendIssuanceAsync(Issuance("iss_live", LiveToken, Now.AddDays(1)), Cancellation);
        await RevokeAsync(store, "for ever", expiresAt: null);
        await RevokeAsync(store, "still", Now.AddDays(1));
        await RevokeAsync(store, "over", Old.AddMinutes(10));
        await RevokeAsync(store, "lengthened", Old.AddMinutes(10));
        await RevokeAsync(store, "lengthened", Now.AddDays(1));
        await RunAsync(store, FinishedRun, FinishedToken, Old);
        await store.FinishRunAsync(FinishedRun, Agent, Old, Cancellation);
        await RunAsync(store, OpenRun, OpenToken, Old);
        await RunAsync(store, LateRun, LiveToken, Old);
        await store.AppendDecisionAsync(Decision("dec_named", OpenToken, "", Old), Cancellation);
        await UseApprovalAsync(store);
        for (var index = 0; index < extraCount; index++)
        {
            await Task.WhenAll(Enumerable.Range(0, 64).Select(part => store.AppendRefusalAsync(
                Samples.Refusal(string.Create(CultureInfo.InvariantCulture, $"Bulk{index}-{part}")),
                Cancellation)));
        }

        var last = store.Head.Sequence;
        await ReceiptAsync(store, LateRun, LiveToken, "r-late-2", Now.AddDays(-1), "dec_named");
        await store.FinishRunAsync(LateRun, Agent, Now.AddDays(-1), Cancellation);
        return last;
    }

    public PruneReport Prune(long publishedThrough, bool isDryRun = false, DateTimeOffset? before = null, params (long, long)[] batches)
    {
        using var pruner = LedgerPruner.Open(Files.DirectoryPath, Time, NullLogger.Instance);
        return pruner.Prune(
            new PruneRequest { Before = before ?? Before, PublishedThrough = publishedThrough, Batches = batches, IsDryRun = isDryRun },
            Cancellation);
    }

    public List<LedgerCheckStep> Check(LedgerHead? anchor = null)
    {
        using var snapshot = LedgerSnapshot.Open(Files.DirectoryPath);
        return [.. LedgerCheck.Run(snapshot, anchor, Cancellation)];
    }

    public void AssertHolds() => Assert.All(Check(), static step => Assert.True(step.Passed, step.Name + ": " + step.Detail));

    public void Dispose() => Files.Dispose();

    private static async Task RunAsync(LedgerStore store, string run, string token, DateTimeOffset at)
    {
        await store.StartRunAsync(Samples.Run(run) with { TokenHash = token, StartedAt = at }, Cancellation);
        await store.AppendDecisionAsync(Decision("dec_" + run, token, run, at), Cancellation);
        await store.AppendDecisionAsync(Decision("dec_stranger_" + run, token, run, at) with { AgentDid = "did:key:z6MkStranger" }, Cancellation);
        await ReceiptAsync(store, run, token, "r-" + run, at, "dec_" + run);
        await store.AppendRefusalAsync(Samples.Refusal() with { RunId = run, AgentDid = Agent, TokenHash = token }, Cancellation);
    }

    private static async Task ReceiptAsync(LedgerStore store, string run, string token, string id, DateTimeOffset at, string decision)
    {
        var sample = Samples.Receipt(id, scope: run, decision: decision);
        var record = new ReceiptRecord
        {
            ReceiptId = id,
            ReceiptType = sample.ReceiptType,
            RunId = run,
            Nonce = sample.Nonce,
            IdempotencyScope = run,
            RequestFingerprint = sample.RequestFingerprint,
            EnvelopeJson = sample.EnvelopeJson,
            PayloadHash = sample.PayloadHash,
            TokenHash = token,
            DecisionId = decision,
            SignedAt = at,
        };
        var draft = Receipts.DraftOf(record);
        await store.AppendReceiptAsync(
            new ReceiptDraft
            {
                Run = draft.Run,
                Nonce = draft.Nonce,
                RequestFingerprint = draft.RequestFingerprint,
                NewEvent = Samples.Event("evt-" + id, run, at: at, token: token),
                Sign = draft.Sign,
                Spans = new SpanClaim { OpensSpan = true, SpanId = "span-" + id },
            },
            Cancellation);
    }

    private static async Task RevokeAsync(LedgerStore store, string value, DateTimeOffset? expiresAt) =>
        await store.Revocations.AppendAsync(Samples.Revocation("rev " + value, value) with { ExpiresAt = expiresAt }, Cancellation);

    private static async Task UseApprovalAsync(LedgerStore store) => await store.AppendDecisionAsync(
        Decision("dec_approved", FinishedToken, "", Old) with { ApprovalHash = "approval" },
        Samples.Document(DocumentRecord.HumanApproval, "approval"),
        Cancellation);

    private static DecisionRecord Decision(string id, string token, string run, DateTimeOffset at) =>
        Samples.Decision(id) with { TokenHash = token, RunId = run, AgentDid = Agent, DecidedAt = at };

    private static IssuanceRecord Issuance(string id, string token, DateTimeOffset expiresAt)
    {
        var sample = Samples.Issuance(id, token);
        return new IssuanceRecord
        {
            IssuanceId = id,
            TokenHash = token,
            TokenId = sample.TokenId,
            Subject = sample.Subject,
            OwnerRef = sample.OwnerRef,
            KeyId = sample.KeyId,
            TokenScopeHash = sample.TokenScopeHash,
            IssuedAt = sample.IssuedAt,
            ExpiresAt = expiresAt,
            EnvelopeJson = sample.EnvelopeJson,
        };
    }
}
