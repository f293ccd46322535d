namespace ClawPdp.Ledger.Writing;

/// <summary>Something to be written, with somebody waiting for it.</summary>
internal abstract class WriteItem
{
    /// <summary>
    /// Writes inside the open transaction; the outcome is kept until <see cref="Complete"/>. It is done once more where the transaction was given
    /// up for another item's sake, so it changes nothing but the transaction.
    /// </summary>
    public abstract void Execute(WriteSession session);

    /// <summary>Keeps a failure that is this item's own, until <see cref="Complete"/>.</summary>
    public abstract void Refuse(Exception failure);

    /// <summary>Tells the waiter the outcome; the transaction is on disk.</summary>
    public abstract void Complete();

    /// <summary>Tells the waiter that nothing may be taken as written; does nothing when it was told before.</summary>
    public abstract void Fail(Exception failure);
}
