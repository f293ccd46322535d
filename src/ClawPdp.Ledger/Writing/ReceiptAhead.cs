using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Writing;

/// <summary>
/// A receipt, with its event, that was signed on its caller's thread for the place that it will most likely have, so that the one thread that
/// writes has nothing left to do but to write it. What is used of it is only what fits when its turn has come.
/// </summary>
internal sealed class ReceiptAhead
{
    private readonly EventRecord? _event;
    private readonly byte[] _eventContent;
    private readonly ReceiptPlace _place;
    private readonly ReceiptRecord _record;
    private readonly byte[] _content;

    private ReceiptAhead(EventRecord? linked, ReceiptPlace place, ReceiptRecord record)
    {
        _event = linked;
        _eventContent = linked is null ? [] : EventContent.Write(linked);
        _place = place;
        _record = record;
        _content = ReceiptContent.Write(record);
    }

    /// <summary>Signs for the place that follows what a run was last; <see langword="null"/> where no guess can be made.</summary>
    /// <param name="draft">The receipt.</param>
    /// <param name="run">The run as it was last; <see langword="null"/> when it was not written to yet.</param>
    public static ReceiptAhead? Make(ReceiptDraft draft, RunCursor? run)
    {
        if (run?.LastEvent is { } last && RunAppends.IsFull(last))
        {
            return null;
        }

        var linked = draft.EventHash is null ? RunAppends.Following(run?.LastEvent, draft.NewEvent) : null;
        if (!TryGuessParent(draft.Spans, linked, run, out var parent))
        {
            return null;
        }

        var place = new ReceiptPlace(draft.EventHash ?? linked?.Event.EventHash ?? "", parent?.SpanId, parent?.Time);
        try
        {
            return new ReceiptAhead(linked, place, draft.Sign(place));
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            // It is told where it counts: the nonce may have been used before, and then nothing is signed at all.
            return null;
        }
    }

    /// <summary>Gives the event with its content; <see langword="null"/> when it does not follow <paramref name="last"/>.</summary>
    public (EventRecord Record, byte[] Content)? EventAfter(EventRecord? last)
    {
        var fits = _event is not null
            && (last is null
                ? _event is { Index: 0, Segment: 1, Event.PreviousHash: null }
                : _event.Segment == last.Segment && _event.Index == last.Index + 1 && string.Equals(_event.Event.PreviousHash, last.Event.EventHash, StringComparison.Ordinal));
        return fits && _event is not null ? (_event, _eventContent) : null;
    }

    /// <summary>Gives the signed receipt with its content; <see langword="null"/> when it was signed for another place.</summary>
    public (ReceiptRecord Record, byte[] Content)? ReceiptAt(ReceiptPlace place) => _place == place ? (_record, _content) : null;

    // The span of the last model call, which is not known where another one is named, or the event stands in another segment.
    private static bool TryGuessParent(SpanClaim spans, EventRecord? linked, RunCursor? run, out StoredSpan? parent)
    {
        parent = linked is null || run?.SpanSegment == linked.Segment ? run?.LastSpan : null;
        return spans.ParentSpanId is not { } named || string.Equals(named, parent?.SpanId, StringComparison.Ordinal);
    }
}
