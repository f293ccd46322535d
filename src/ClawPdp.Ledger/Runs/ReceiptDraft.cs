namespace ClawPdp.Ledger.Runs;

/// <summary>
/// A receipt to be appended. What it points to is looked up, or appended with it, in the very transaction that it is signed and
/// written in, so that no receipt points to nothing.
/// </summary>
public sealed class ReceiptDraft
{
    /// <summary>Gets the start of the run, recorded where the run is not known yet and the receipt brings its own event.</summary>
    public required RunRecord Run { get; init; }

    /// <summary>Gets the idempotency key within the run: 1 to 256 characters.</summary>
    public required string Nonce { get; init; }

    /// <summary>Gets the hash of the request's content, 32 bytes; it tells a repeated request from another one.</summary>
    public required ReadOnlyMemory<byte> RequestFingerprint { get; init; }

    /// <summary>Gets the hash of an event of the run; <see langword="null"/> appends <see cref="NewEvent"/>.</summary>
    public string? EventHash { get; init; }

    /// <summary>Gets the event to be appended where <see cref="EventHash"/> names none.</summary>
    public required EventDraft NewEvent { get; init; }

    /// <summary>Gets the spans that the caller named.</summary>
    public required SpanClaim Spans { get; init; }

    /// <summary>Gets the decision that the caller names, with what it has to be about; <see langword="null"/> when none was named.</summary>
    public DecisionClaim? Decision { get; init; }

    /// <summary>
    /// Makes the signed receipt for its place and changes nothing: it may be called before the transaction for the place that the receipt will
    /// likely have, and inside again for another one. What it throws, the waiter gets, and nothing is recorded.
    /// </summary>
    public required Func<ReceiptPlace, ReceiptRecord> Sign { get; init; }

    /// <summary>
    /// Looks once more, inside the transaction, whether a signed receipt may be appended: what it throws, the waiter gets, and nothing is recorded;
    /// false has one signed anew that was signed before the transaction.
    /// </summary>
    public Func<ReceiptRecord, bool> Admit { get; init; } = static _ => true;
}
