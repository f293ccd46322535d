using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger;

/// <summary>Reads the ledger of a data directory beside the sidecar that may be writing it, and changes nothing. Not for concurrent use.</summary>
public sealed class LedgerReader : IDisposable
{
    private const int ChunkCount = 1000;

    private readonly ReaderPool _readers;

    private LedgerReader(ReaderPool readers) => _readers = readers;

    /// <summary>Tells whether a directory has a ledger.</summary>
    public static bool IsLedger(string directoryPath) => File.Exists(Path.Combine(directoryPath, LedgerFiles.DatabaseName));

    /// <summary>Opens the ledger of a directory.</summary>
    public static LedgerReader Open(string directoryPath) =>
        new(new ReaderPool(Path.Combine(directoryPath, LedgerFiles.DatabaseName), new LedgerSettings { DirectoryPath = directoryPath }.BusyTimeout));

    /// <summary>Gives the contents of the records of a kind, in their order, up to the last one on disk when the reading began.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or a record is missing.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> ReadContents(RecordKind kind)
    {
        var last = _readers.Read(0, static (tables, _) => tables.Records.ReadHead().Sequence);
        for (var first = 1L; first <= last; first += ChunkCount)
        {
            var count = (int)Math.Min(ChunkCount, last - first + 1);
            var chunk = _readers.Read((first, count, kind), static (tables, asked) => ReadChunk(tables, asked.first, asked.count, asked.kind));
            foreach (var content in chunk)
            {
                yield return content;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    private static List<ReadOnlyMemory<byte>> ReadChunk(LedgerTables tables, long first, int count, RecordKind kind)
    {
        var contents = new List<ReadOnlyMemory<byte>>();
        using var rows = tables.Records.From(first);
        for (var left = count; left > 0 && rows.Read(); left--)
        {
            if ((RecordKind)rows.GetInt32(1) == kind)
            {
                contents.Add(rows.GetFieldValue<byte[]>(2));
            }
        }

        return contents;
    }
}
