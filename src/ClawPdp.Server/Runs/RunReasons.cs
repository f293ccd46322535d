using ClawPdp.Core.Decisions;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Runs;

/// <summary>Says in reason codes why the ledger did not append something to a run.</summary>
internal static class RunReasons
{
    /// <summary>Gives the reason, the words and the request's field at fault.</summary>
    public static (ReasonCode Reason, string Message, string Field) Of(AppendStatus status) => status switch
    {
        AppendStatus.RunUnknown => (ReasonCode.RunNotFound, "no run of that id was started here", "run_id"),
        AppendStatus.RunFinished => (ReasonCode.RunFinished, "the run is finished", "run_id"),
        AppendStatus.RunOfAnotherAgent => (ReasonCode.RunNotYours, "the run belongs to another agent", "run_id"),
        AppendStatus.EventUnknown => (ReasonCode.EventNotFound, "the run has no event of that hash", "event_hash_b64u"),
        AppendStatus.SpanUnknown => (ReasonCode.SpanInvalid, "the span is not that of an earlier model call in this part of the run", "parent_span_id"),
        AppendStatus.SpanTaken => (ReasonCode.SpanInvalid, "the span belongs to another model call of the run", "span_id"),
        AppendStatus.PhaseImpossible => (ReasonCode.ReceiptInvalid, "the phase cannot follow that of the model call above it", "phase"),
        AppendStatus.DecisionMismatch => (ReasonCode.DecisionMismatch, "the decision is a denial, or is about something else", "decision_id"),
        AppendStatus.DecisionReported => (ReasonCode.DecisionMismatch, "the decision rests on an approval, which counts once, and such a receipt was signed for it", "decision_id"),
        _ => (ReasonCode.InternalError, "the ledger did not say what became of it", ""),
    };
}
