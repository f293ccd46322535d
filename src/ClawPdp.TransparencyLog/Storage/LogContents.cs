using ClawPdp.Core.Log;

namespace ClawPdp.TransparencyLog.Storage;

/// <summary>Checks the entries of a log against its tiles and against each other.</summary>
internal sealed class LogContents
{
    private readonly LogFiles _files;
    private readonly SignedHead _head;

    public LogContents(LogFiles files, SignedHead head)
    {
        _files = files;
        _head = head;
    }

    /// <summary>Checks every bundle of a log that is small, and the last one of any other.</summary>
    /// <exception cref="LogDamagedException">Something does not agree.</exception>
    public void ThrowIfWrong(long fullCheckSizeMax)
    {
        var first = _head.Size <= fullCheckSizeMax ? 0 : (_head.Size - 1) / TileLayout.Width;
        long? last = null;
        foreach (var bundle in TileLayout.TilesAt(TileLayout.EntriesLevel, _head.Size).Where(bundle => bundle.Index >= first))
        {
            last = CheckBundle(bundle, last);
        }

        if (_head.Size > 0 && last != _head.LastSequence)
        {
            throw new LogDamagedException("the last entry is not about the record that was signed for");
        }

        if (_files.ReadReceipts(_head.ReceiptCount) is null)
        {
            throw new LogDamagedException("the leaves of the receipt log are cut off");
        }
    }

    private long CheckBundle(TileAddress bundle, long? last)
    {
        var hashes = _files.ReadHashes(bundle with { Level = 0 });
        var entries = _files.ReadEntries(bundle);
        if (hashes is null || entries is null)
        {
            throw new LogDamagedException($"the file `{TileLayout.PathOf(bundle)}` or its tile is missing or has another length");
        }

        for (var place = 0; place < entries.Length; place++)
        {
            var index = (bundle.Index * TileLayout.Width) + place;
            if (!MerkleTree.LeafHash(entries[place].Span).AsSpan().SequenceEqual(hashes[place]))
            {
                throw new LogDamagedException($"entry {index} is not the one that its tile holds the hash of");
            }

            var entry = LogEntry.Parse(entries[place].Span) ?? throw new LogDamagedException($"entry {index} cannot be read");
            if ((last is not null || index == 0) && entry.FirstSequence != (last ?? 0) + 1)
            {
                throw new LogDamagedException($"entry {index} does not follow the one before it");
            }

            last = entry.LastSequence;
        }

        return last ?? 0;
    }
}
