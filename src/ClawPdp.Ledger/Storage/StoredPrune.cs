namespace ClawPdp.Ledger.Storage;

/// <summary>The last pruning.</summary>
/// <param name="Sequence">The sequence of its record.</param>
/// <param name="Record">What it says.</param>
internal sealed record StoredPrune(long Sequence, PruneRecord Record)
{
    /// <summary>The name under which the sequence of the last pruning's record is kept beside the chain, which tells whether it is right.</summary>
    public const string MetaName = "prune_sequence";
}
