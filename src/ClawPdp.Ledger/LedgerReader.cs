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
    /// <inheritdoc cref="Read"/>
    public IEnumerable<ReadOnlyMemory<byte>> ReadContents(RecordKind kind) => Read(kind).Select(static record => record.Content);

    /// <summary>Gives the records of a kind, in their order, up to the last one on disk when the reading began.</summary>
    /// <remarks>Records that were pruned are not among them.</remarks>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public IEnumerable<(long Sequence, ReadOnlyMemory<byte> Content)> Read(RecordKind kind)
    {
        var last = _readers.Read(0, static (tables, _) => tables.Records.ReadHead().Sequence);
        for (var first = 1L; first <= last; first += ChunkCount)
        {
            var end = Math.Min(first + ChunkCount - 1, last);
            var chunk = _readers.Read((first, end, kind), static (tables, asked) => ReadChunk(tables, asked.first, asked.end, asked.kind));
            foreach (var record in chunk)
            {
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _readers.Dispose();

    private static List<(long Sequence, ReadOnlyMemory<byte> Content)> ReadChunk(LedgerTables tables, long first, long last, RecordKind kind)
    {
        var contents = new List<(long Sequence, ReadOnlyMemory<byte> Content)>();
        using var rows = tables.Records.From(first);
        while (rows.Read() && rows.GetInt64(0) <= last)
        {
            if ((RecordKind)rows.GetInt32(1) == kind && rows.GetBytes(2) is { Length: > 0 } content)
            {
                contents.Add((rows.GetInt64(0), content));
            }
        }

        return contents;
    }
}
