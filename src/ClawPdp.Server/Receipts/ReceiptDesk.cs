using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;
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

        // Whether the nonce was used is looked up by whoever writes, inside the transaction that counts; so it costs no reading before.
        var asked = new ReceiptAsked(request, decision, token, ReceiptDrafts.FingerprintOf(request, token), now);
        return _drafts.TryMake(asked, out var draft, out var refusal)
            ? await AppendAsync(asked, draft, cancellation)
            : await FindEarlierAsync(asked, cancellation) ?? refusal;
    }

    /// <summary>Finds a receipt by its id.</summary>
    public StoredReceipt? Find(string receiptId) => _ledger.GetReceipt(receiptId);

    /// <summary>Finds a receipt by what it was asked for with.</summary>
    public StoredReceipt? Find(string runId, string nonce) => _ledger.FindByNonce(runId, nonce);

    private static ReceiptOutcome Replay(StoredReceipt? earlier, ReceiptAsked asked) =>
        earlier is not null && earlier.Record.RequestFingerprint.Span.SequenceEqual(asked.Fingerprint.Span)
            ? new ReceiptOutcome { Receipt = earlier, IsReplayed = true, Epoch = asked.Decision.Epoch }
            : new ReceiptOutcome
            {
                Reason = ReasonCode.IdempotencyKeyReused,
                Message = "the nonce was used in this run with other content",
                Field = "nonce",
                Epoch = asked.Decision.Epoch,
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
        TraceParent = request.Trace.Parent,
        TraceState = request.Trace.State,
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

    // What stands is given again whatever else is wrong: with the request, or with the disk that a new receipt would need.
    private async Task<ReceiptOutcome?> FindEarlierAsync(ReceiptAsked asked, CancellationToken cancellation)
    {
        var earlier = await _disk.RunAsync(() => _ledger.FindByNonce(asked.Request.RunId, asked.Request.Nonce), cancellation);
        return earlier is null || IdempotencyRules.IsLapsed(earlier.Record.SignedAt, asked.Now) ? null : Replay(earlier, asked);
    }

    private async Task<ReceiptOutcome> AppendAsync(ReceiptAsked asked, ReceiptDraft draft, CancellationToken cancellation)
    {
        var (request, decision, token, now) = (asked.Request, asked.Decision, asked.Token, asked.Now);
        try
        {
            var appended = await _ledger.AppendReceiptAsync(draft, CancellationToken.None);
            var stored = appended.Record is { } record ? new StoredReceipt(record, appended.Sequence) : null;
            if (appended.Status is AppendStatus.Appended)
            {
                return new ReceiptOutcome { Receipt = stored, Epoch = decision.Epoch };
            }

            if (appended.Status is AppendStatus.Replayed or AppendStatus.Conflict)
            {
                return appended.Status is AppendStatus.Replayed && stored is not null
                    ? new ReceiptOutcome { Receipt = stored, IsReplayed = true, Epoch = decision.Epoch }
                    : Replay(earlier: null, asked);
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
        catch (LedgerException unwritten) when (unwritten.Fault is LedgerFault.Unavailable or LedgerFault.Overloaded)
        {
            if (await FindEarlierAsync(asked, cancellation) is { } earlier)
            {
                return earlier;
            }

            throw;
        }
    }

    private async Task<ReceiptOutcome> RefuseAsync(Decision decision, ReceiptRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        // Only who holds a token of ours leaves a record, and no copy of a bound one: a stranger must not be able to fill the disk.
        if (decision.HeldToken is { } token)
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
