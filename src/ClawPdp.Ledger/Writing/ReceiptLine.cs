using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Writing;

/// <summary>Makes receipts ready on their callers' threads and has them written. Safe for concurrent use.</summary>
internal sealed class ReceiptLine
{
    private readonly LedgerWriter _writer;
    private readonly RunOutlook _runs = new();

    public ReceiptLine(LedgerWriter writer) => _writer = writer;

    /// <inheritdoc cref="LedgerStore.AppendReceiptAsync"/>
    public async Task<AppendOutcome> AppendAsync(ReceiptDraft draft, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        RunContent.ThrowIfOutOfBounds(draft.Run);
        EventContent.ThrowIfOutOfBounds(draft.NewEvent);
        var tip = _runs.Of(draft.Run.RunId);
        try
        {
            // Where several add to a run at once, only the first knows what it will follow.
            var ahead = tip.Enter() ? ReceiptAhead.Make(draft, tip.Cursor) : null;
            return await _writer.WriteAsync(session => Append(session, draft, ahead, tip), cancellation);
        }
        finally
        {
            tip.Leave();
        }
    }

    private static AppendOutcome Append(WriteSession session, ReceiptDraft draft, ReceiptAhead? ahead, RunTip tip)
    {
        var outcome = ReceiptAppends.Append(session, draft, ahead);
        tip.Cursor = session.Runs.FindKnown(draft.Run.RunId);
        return outcome;
    }
}
