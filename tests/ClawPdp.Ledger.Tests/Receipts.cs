using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Tests;

/// <summary>Receipts to append.</summary>
internal static class Receipts
{
    /// <summary>The records that the first receipt of a run brings: the run, its event and the receipt.</summary>
    public const int FirstCount = 3;

    /// <summary>The records that every further receipt of a run brings: its event and the receipt.</summary>
    public const int NextCount = 2;

    public static Task<AppendOutcome> AppendReceiptAsync(this LedgerStore ledger, ReceiptRecord record, CancellationToken cancellation = default) =>
        ledger.AppendReceiptAsync(DraftOf(record), cancellation);

    public static ReceiptDraft DraftOf(ReceiptRecord record) => new()
    {
        Run = new RunRecord { RunId = record.IdempotencyScope, AgentDid = "did:key:z6MkAgent", TokenHash = record.TokenHash, StartedAt = record.SignedAt },
        Nonce = record.Nonce,
        RequestFingerprint = record.RequestFingerprint,
        NewEvent = Samples.Event("evt-" + record.ReceiptId, record.IdempotencyScope),
        Spans = new SpanClaim { OpensSpan = false, SpanId = "" },
        Sign = _ => record,
    };

    public static ReceiptDraft Draft(
        string id,
        string run = "run_1",
        string? eventHash = null,
        string span = "",
        bool opensSpan = false,
        string? parent = null,
        string? tool = null,
        DecisionClaim? decision = null,
        List<ReceiptPlace>? places = null,
        Func<ReceiptPlace, ReceiptRecord>? sign = null)
    {
        var record = Samples.Receipt(id, scope: run, decision: decision?.DecisionId);
        return new ReceiptDraft
        {
            Run = Samples.Run(run),
            Nonce = record.Nonce,
            RequestFingerprint = record.RequestFingerprint,
            EventHash = eventHash,
            NewEvent = Samples.Event("evt-" + id, run),
            Spans = new SpanClaim { OpensSpan = opensSpan, SpanId = span, ParentSpanId = parent, ToolSpanId = tool },
            Decision = decision,
            Sign = sign ?? (place =>
            {
                places?.Add(place);
                return record;
            }),
        };
    }
}
