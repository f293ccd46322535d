using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>The part of the ledger that is about what was pruned. Safe for concurrent use.</summary>
public sealed class PruneReads
{
    private readonly ReaderPool _readers;

    internal PruneReads(ReaderPool readers) => _readers = readers;

    /// <summary>Gives what the last pruning did; <see langword="null"/> when nothing was ever pruned.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or the record is damaged.</exception>
    public PruneRecord? FindLast() => _readers.Read(0, static (tables, _) => tables.Records.LastPrune()?.Record);

    /// <summary>Gives the hashes of records from a sequence on, in order; those of pruned ones, too, where they are left.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a hash is missing.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> ReadHashes(long first, int count) => _readers.Read((first, count), static (tables, wanted) =>
        Enumerable.Range(0, wanted.count).Select(offset => (tables.Records.Find(wanted.first + offset) ?? tables.Records.Read(wanted.first + offset)).Hash).ToList());
}
