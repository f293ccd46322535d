using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Runs;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;
using ClawPdp.Server.Revocations;

namespace ClawPdp.Server.Runs;

/// <summary>Starts runs, appends their events and finishes them, for the agent whose token is good.</summary>
internal sealed class RunDesk
{
    private readonly DecisionEngine _engine;
    private readonly RevocationView _revocations;
    private readonly LedgerStore _ledger;
    private readonly TimeProvider _time;

    public RunDesk(DecisionEngine engine, RevocationView revocations, LedgerStore ledger, TimeProvider time)
    {
        _engine = engine;
        _revocations = revocations;
        _ledger = ledger;
        _time = time;
    }

    /// <summary>Starts a run.</summary>
    /// <param name="token">The agent's token.</param>
    /// <param name="runId">The id; empty makes one.</param>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public async Task<RunResult> StartAsync(PresentedToken token, string runId)
    {
        var now = _time.GetUtcNow();
        var examined = _engine.Examine(token, now);
        if (!IsGood(examined, out var verified))
        {
            return new RunResult { Refusal = (examined.Reason, examined.Message, "cst") };
        }

        var id = runId.Length > 0 ? runId : "run_" + Guid.CreateVersion7(now).ToString("N");
        var record = new RunRecord { RunId = id, AgentDid = verified.Claims.Subject, TokenHash = verified.TokenHash, StartedAt = now };
        return await OfAsync(_ledger.StartRunAsync(record, () => LastLook.ThrowIfRevoked(_revocations, verified.Traits), CancellationToken.None));
    }

    /// <summary>Appends an event.</summary>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public async Task<EventResult> AppendAsync(PresentedToken token, EventRequest request)
    {
        var now = _time.GetUtcNow();
        var examined = _engine.Examine(token, now);
        if (!IsGood(examined, out var verified))
        {
            return new EventResult { Refusal = (examined.Reason, examined.Message, "cst") };
        }

        if (FaultOf(request) is var (field, message))
        {
            return new EventResult { Refusal = (ReasonCode.EventInvalid, message, field) };
        }

        try
        {
            return Of(await _ledger.AppendEventAsync(DraftOf(request, verified, now), CancellationToken.None));
        }
        catch (AppendRefusedException refused)
        {
            return new EventResult { Refusal = (refused.Reason, refused.Message, "cst") };
        }
    }

    /// <summary>Finishes a run.</summary>
    /// <exception cref="LedgerException">It may not be taken as recorded.</exception>
    public async Task<RunResult> FinishAsync(PresentedToken token, string runId)
    {
        var now = _time.GetUtcNow();
        var examined = _engine.Examine(token, now);
        return IsGood(examined, out var verified)
            ? await OfAsync(_ledger.FinishRunAsync(runId, verified.Claims.Subject, now, () => LastLook.ThrowIfRevoked(_revocations, verified.Traits), CancellationToken.None))
            : new RunResult { Refusal = (examined.Reason, examined.Message, "cst") };
    }

    /// <summary>Finds a run; <see langword="null"/> when none of that id was started.</summary>
    public RunSummary? Find(string runId) => _ledger.FindRun(runId);

    /// <summary>Gives the events of one segment of a run, in order, each with its place among all records.</summary>
    public IReadOnlyList<(EventRecord Event, long Sequence)> EventsOf(string runId, int segment) => _ledger.ReadEvents(runId, segment);

    /// <summary>Makes the id of an event.</summary>
    public static string NewEventId(DateTimeOffset now) => "evt_" + Guid.CreateVersion7(now).ToString("N");

    private static bool IsGood(TokenVerification examined, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out VerifiedToken? token)
    {
        token = examined.Reason == ReasonCode.Allowed ? examined.Token : null;
        return token is not null;
    }

    private EventDraft DraftOf(EventRequest request, VerifiedToken token, DateTimeOffset now) => new()
    {
        RunId = request.RunId,
        EventId = request.EventId.Length > 0 ? request.EventId : NewEventId(now),
        EventType = request.EventType,
        Timestamp = request.Timestamp.Length > 0 ? request.Timestamp : Rfc3339.Format(now),
        PayloadHash = request.PayloadHash,
        AgentDid = token.Claims.Subject,
        TokenHash = token.TokenHash,
        RecordedAt = now,
        TraceParent = request.Trace.Parent,
        TraceState = request.Trace.State,
        Admit = () => LastLook.ThrowIfRevoked(_revocations, token.Traits),
    };

    private static EventResult Of(EventOutcome outcome)
    {
        return outcome.Status switch
        {
            AppendStatus.Appended or AppendStatus.Replayed => new EventResult
            {
                Event = outcome.Record,
                Sequence = outcome.Sequence,
                IsReplayed = outcome.Status == AppendStatus.Replayed,
            },
            AppendStatus.Conflict => new EventResult { Refusal = (ReasonCode.IdempotencyKeyReused, "the id was used in this run for another event", "event_id") },
            _ => new EventResult { Refusal = RunReasons.Of(outcome.Status) },
        };
    }

    private static async Task<RunResult> OfAsync(Task<RunOutcome> append)
    {
        try
        {
            return Of(await append);
        }
        catch (AppendRefusedException refused)
        {
            return new RunResult { Refusal = (refused.Reason, refused.Message, "cst") };
        }
    }

    private static RunResult Of(RunOutcome outcome) => outcome.Status is AppendStatus.Appended or AppendStatus.Replayed
        ? new RunResult { Run = outcome.Summary, IsReplayed = outcome.Status == AppendStatus.Replayed }
        : new RunResult { Refusal = RunReasons.Of(outcome.Status) };

    private static (string Field, string Message)? FaultOf(EventRequest request)
    {
        if (request.EventId.StartsWith(Continuation.EventType, StringComparison.Ordinal))
        {
            return ("event_id", "ids that begin with `run_continued` are the sidecar's own");
        }

        if (request.EventType is Continuation.EventType || request.EventType.AsSpan().Trim().Length != request.EventType.Length)
        {
            return ("event_type", "the type is the sidecar's own, or has white space at an end");
        }

        if (request.Timestamp.Length > 0 && !Rfc3339.TryParse(request.Timestamp, out _))
        {
            return ("timestamp", "an RFC 3339 date-time with an offset is expected");
        }

        return Base64UrlText.IsSha256(request.PayloadHash)
            ? null
            : ("payload_hash_b64u", "43 canonical base64url characters are expected");
    }
}
