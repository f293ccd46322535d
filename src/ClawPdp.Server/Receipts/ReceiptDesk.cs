using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Runs;

namespace ClawPdp.Server.Receipts;

/// <summary>Signs receipts: only for what the token allows, once for each nonce, on disk before it is acknowledged.</summary>
internal sealed class ReceiptDesk
{
    private readonly DecisionEngine _engine;
    private readonly ReceiptDrafts _drafts;
    private readonly LedgerStore _ledger;
    private readonly DiskWork _disk;
    private readonly FailureCounter _failures;
    private readonly TimeProvider _time;
    private readonly ILogger<ReceiptDesk> _logger;

    public ReceiptDesk(
        DecisionEngine engine,
        ReceiptDrafts drafts,
        LedgerStore ledger,
        DiskWork disk,
        FailureCounter failures,
        TimeProvider time,
        ILogger<ReceiptDesk> logger)
    {
        _engine = engine;
        _drafts = drafts;
        _ledger = ledger;
        _disk = disk;
        _failures = failures;
        _time = time;
        _logger = logger;
    }

    /// <summary>Signs a receipt, gives the one signed before for the same nonce, or says why not.</summary>
    /// <exception cref="LedgerException">Nothing could be made durable.</exception>
    public async Task<ReceiptOutcome> SignAsync(ReceiptRequest request, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        request = await WithGroundsAsync(request, cancellation);
        var decision = Decide(request.Question, now);
        if (decision.Effect != Effect.Allow && decision.Policy is not null && request.Question.Grounds is null && request.DecisionId.Length > 0)
        {
            // The decision may be on its way to the disk: what it allowed is not refused for coming fast.
            await _ledger.FlushDecisionsAsync(cancellation);
            request = await WithGroundsAsync(request, cancellation);
            decision = Decide(request.Question, now);
        }

        if (decision.Effect != Effect.Allow || decision.Token is not { } token)
        {
            return await RefuseAsync(decision, request, now, cancellation);
        }

        var fingerprint = ReceiptDrafts.FingerprintOf(request, token);
        var earlier = await _disk.RunAsync(() => _ledger.FindByNonce(request.RunId, request.Nonce), cancellation);
        if (earlier is not null && !IdempotencyRules.IsLapsed(earlier.Record.SignedAt, now))
        {
            return Replay(earlier, fingerprint, decision.Epoch);
        }

        if (_drafts.FindFault(request, decision, now) is { } fault)
        {
            return fault;
        }

        return await AppendAsync(request, decision, token, fingerprint, now, cancellation);
    }

    /// <summary>Finds a receipt by its id.</summary>
    public StoredReceipt? Find(string receiptId) => _ledger.GetReceipt(receiptId);

    /// <summary>Finds a receipt by what it was asked for with.</summary>
    public StoredReceipt? Find(string runId, string nonce) => _ledger.FindByNonce(runId, nonce);

    private static ReceiptOutcome Replay(StoredReceipt? earlier, byte[] fingerprint, long epoch) =>
        earlier is not null && earlier.Record.RequestFingerprint.Span.SequenceEqual(fingerprint)
            ? new ReceiptOutcome { Receipt = earlier, IsReplayed = true, Epoch = epoch }
            : new ReceiptOutcome
            {
                Reason = ReasonCode.IdempotencyKeyReused,
                Message = "the nonce was used in this run with other content",
                Field = "nonce",
                Epoch = epoch,
            };

    // What was attempted, without the token and without the target's text, which is not kept.
    private static string DetailsOf(ReceiptRequest request) => JsonWriter.CanonicalText(new JsonObjectBuilder()
        .Add("nonce", request.Nonce)
        .AddIfPresent("event_hash_b64u", request.EventHash)
        .AddIfPresent("decision_id", request.DecisionId)
        .AddIfPresent("tool", request.Question.Tool)
        .AddIfPresent("model", request.Question.Model)
        .AddIfPresent("host", request.Question.Host)
        .Build());

    private static RefusalRecord Attempt(ReasonCode reason, VerifiedToken token, ReceiptRequest request, DateTimeOffset now) => new()
    {
        RefusedAt = now,
        Operation = "SignReceipt",
        ReasonCode = ReasonCatalog.NameOf(reason),
        TokenHash = token.TokenHash,
        RunId = request.RunId,
        AgentDid = token.Claims.Subject,
        DetailsJson = DetailsOf(request),
    };

    private async ValueTask<ReceiptRequest> WithGroundsAsync(ReceiptRequest request, CancellationToken cancellation)
    {
        var grounds = request.DecisionId.Length == 0 ? null : await _disk.RunAsync(() => ReceiptGrounds.Find(_ledger, request), cancellation);
        return request with { Question = request.Question with { Grounds = grounds } };
    }

    private Decision Decide(Question question, DateTimeOffset now)
    {
        var decision = _engine.Decide(question, now, out var unexpected);
        if (unexpected is not null)
        {
            _failures.Add();
            Log.DecisionFailed(_logger, unexpected);
        }

        // Nothing is used up here, so nothing can be allowed by an approval that is given here: it would count again.
        return decision.Approval is null
            ? decision
            : Decide(question with { Approvals = [] }, now) with { Message = "an approval counts in Authorize: ask there with it, and name the decision here" };
    }

    private async Task<ReceiptOutcome> AppendAsync(
        ReceiptRequest request,
        Decision decision,
        VerifiedToken token,
        byte[] fingerprint,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        try
        {
            var appended = await _ledger.AppendReceiptAsync(_drafts.Make(request, decision, token, fingerprint, now), CancellationToken.None);
            var stored = appended.Record is { } record ? new StoredReceipt(record, appended.Sequence) : null;
            if (appended.Status is AppendStatus.Appended)
            {
                return new ReceiptOutcome { Receipt = stored, Epoch = decision.Epoch };
            }

            if (appended.Status is AppendStatus.Replayed or AppendStatus.Conflict)
            {
                return Replay(stored, fingerprint, decision.Epoch);
            }

            var (reason, message, field) = RunReasons.Of(appended.Status);
            await _ledger.AppendRefusalAsync(Attempt(reason, token, request, now), cancellation);
            return new ReceiptOutcome { Reason = reason, Message = message, Field = field, Epoch = decision.Epoch };
        }
        catch (AppendRefusedException refused)
        {
            await _ledger.AppendRefusalAsync(Attempt(refused.Reason, token, request, now), cancellation);
            return new ReceiptOutcome { Reason = refused.Reason, Message = refused.Message, Epoch = decision.Epoch };
        }
    }

    private async Task<ReceiptOutcome> RefuseAsync(Decision decision, ReceiptRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        // Only who holds a token of ours leaves a record: a stranger must not be able to fill the disk.
        if (decision.Token is { } token)
        {
            await _ledger.AppendRefusalAsync(Attempt(decision.Reason, token, request, now), cancellation);
        }

        return new ReceiptOutcome
        {
            Reason = decision.Reason,
            Message = decision.Message,
            Dimension = decision.Dimension,
            StatementIds = decision.StatementIds,
            Requirement = decision.Requirement,
            Epoch = decision.Epoch,
        };
    }
}
