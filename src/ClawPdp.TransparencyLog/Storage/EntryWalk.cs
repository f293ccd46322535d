using System.Globalization;
using ClawPdp.Core.Log;

namespace ClawPdp.TransparencyLog.Storage;

/// <summary>Reads the entries of a log one after the other, each against the tile that holds its hash and against the one before it.</summary>
internal static class EntryWalk
{
    /// <summary>Gives the entries with their places, holding one bundle at a time.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged, or an entry does not follow.</exception>
    public static IEnumerable<(LogEntry Entry, long Index)> Read(LogFiles files, long size)
    {
        var last = 0L;
        foreach (var bundle in TileLayout.TilesAt(TileLayout.EntriesLevel, size))
        {
            var hashes = files.ReadHashes(bundle with { Level = 0 });
            var entries = files.ReadEntries(bundle) ?? throw new LogDamagedException($"the file `{TileLayout.PathOf(bundle)}` is missing, cut off or too long");
            for (var place = 0; place < entries.Length; place++)
            {
                var index = (bundle.Index * TileLayout.Width) + place;
                if (hashes is null || !MerkleTree.LeafHash(entries[place].Span).AsSpan().SequenceEqual(hashes[place]))
                {
                    throw new LogDamagedException(Say($"entry {index} is not the one that the tree holds"));
                }

                var entry = LogEntry.Parse(entries[place].Span) ?? throw new LogDamagedException(Say($"entry {index} cannot be read"));
                if (entry.FirstSequence != last + 1)
                {
                    throw new LogDamagedException(Say($"entry {index} is about record {entry.FirstSequence}, {last + 1} is expected"));
                }

                last = entry.LastSequence;
                yield return (entry, index);
            }
        }
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
