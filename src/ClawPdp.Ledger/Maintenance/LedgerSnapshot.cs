using System.Globalization;
using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>
/// The ledger of a data directory as it was at one moment, beside the sidecar that may be writing it: nothing is changed, nobody waits.
/// While it is held the write-ahead log cannot shrink. Not for concurrent use.
/// </summary>
public sealed class LedgerSnapshot : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly LedgerTables _tables;

    private LedgerSnapshot(SqliteConnection connection, string path)
    {
        _connection = connection;
        Path = path;
        SchemaVersion = LedgerSchema.ReadVersion(connection, LedgerSchema.Steps.Length);
        if (SchemaVersion < LedgerSchema.Steps.Length)
        {
            throw new LedgerException(
                LedgerFault.OlderSchema,
                $"the ledger has schema version {SchemaVersion}; start the sidecar once, which brings it to {LedgerSchema.Steps.Length}");
        }

        LedgerDatabase.Run(connection, "BEGIN");
        _tables = new LedgerTables(connection);
        // A transaction sees what there is at its first reading.
        Head = _tables.Records.ReadHead().ToPublic();
        LastPrune = _tables.Records.LastPrune()?.Record;
    }

    /// <summary>Gets the version of the tables.</summary>
    public int SchemaVersion { get; }

    /// <summary>Gets the last record.</summary>
    public LedgerHead Head { get; }

    /// <summary>Gets what the last pruning did; <see langword="null"/> when nothing was ever pruned.</summary>
    public PruneRecord? LastPrune { get; }

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    internal LedgerTables Tables => _tables;

    /// <summary>Opens the ledger of a directory as it is now.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be read; the fault says why.</exception>
    public static LedgerSnapshot Open(string directoryPath)
    {
        var path = System.IO.Path.Combine(directoryPath, LedgerFiles.DatabaseName);
        return File.Exists(path) ? Open(path, path) : throw new LedgerException(LedgerFault.NotALedger, $"{directoryPath}: no ledger in this folder");
    }

    /// <summary>Opens a copy that nobody writes, and leaves no file beside it.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be read; the fault says why.</exception>
    public static LedgerSnapshot OpenCopy(string path) => File.Exists(path)
        ? Open(path, "file:" + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal) + "?immutable=1")
        : throw new LedgerException(LedgerFault.NotALedger, $"{path}: there is no such file");

    /// <summary>Gives a named value of the installation; <see langword="null"/> when it was never set.</summary>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public string? GetMeta(string name) => Guard(name, static (tables, key) => tables.Meta.Get(key));

    /// <summary>Gives one record, which may be pruned down to its hash; <see langword="null"/> when there is none of that sequence.</summary>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public LedgerRecord? Find(long sequence) => Guard(sequence, static (tables, key) => tables.Records.Find(key));

    /// <summary>Gives when the last record was made; <see langword="null"/> for an empty ledger.</summary>
    /// <exception cref="LedgerException">The file cannot be read.</exception>
    public DateTimeOffset? LastInstant() => Find(Head.Sequence) is { IsPruned: false } last ? RecordInstant.Of(last.Kind, last.Content) : null;

    /// <summary>Gives what there is of records, ascending, without holding more than one: pruned ones are missing, or there as their hashes.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="last">The last sequence.</param>
    /// <exception cref="LedgerException">The file cannot be read, or a record is not the one that its hash stands for.</exception>
    public IEnumerable<LedgerRecord> Read(long first, long last)
    {
        using var hasher = new RecordHasher();
        var previous = Find(first - 1)?.Hash ?? (first <= 1 ? ChainHead.Empty.Hash.ToArray() : ReadOnlyMemory<byte>.Empty);
        var expected = first;
        using var rows = _tables.Records.From(first);
        while (Next(rows) && rows.GetInt64(0) is var sequence && sequence <= last)
        {
            var record = new LedgerRecord
            {
                Sequence = sequence,
                Kind = (RecordKind)rows.GetInt32(1),
                Content = rows.GetBytes(2),
                Hash = rows.GetBytes(3),
                PreviousHash = sequence == expected ? previous : ReadOnlyMemory<byte>.Empty,
            };
            ThrowUnlessIntact(hasher, record);
            previous = record.Hash;
            expected = sequence + 1;
            yield return record;
        }
    }

    /// <summary>Writes the whole ledger to a new file, readable by its owner alone, and brings it to disk.</summary>
    /// <exception cref="LedgerException">The file cannot be read, or the copy not be written.</exception>
    /// <exception cref="IOException">There is a file of that name, or it cannot be written.</exception>
    public void CopyTo(string path) => Guard(path, (_, target) =>
    {
        LedgerFiles.EnsureNewDatabase(target);
        PacedCopy.Run(_connection, target);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _tables.Dispose();
        _connection.Dispose();
    }

    internal T Guard<TArgument, T>(TArgument argument, Func<LedgerTables, TArgument, T> read)
    {
        try
        {
            return read(_tables, argument);
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.Translate(failure);
        }
    }

    private static void ThrowUnlessIntact(RecordHasher hasher, LedgerRecord record)
    {
        if (!record.IsPruned && !hasher.Hash(record.PreviousHash.Span, record.Sequence, record.Kind, record.Content.Span).AsSpan().SequenceEqual(record.Hash.Span))
        {
            throw new LedgerException(LedgerFault.Corrupt, string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} is not the one that its hash stands for, or the one before it is missing"));
        }
    }

    private static bool Next(StatementRows rows)
    {
        try
        {
            return rows.Read();
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.Translate(failure);
        }
    }

    private static LedgerSnapshot Open(string path, string source)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = LedgerDatabase.OpenReader(source, TimeSpan.FromSeconds(5));
            var snapshot = new LedgerSnapshot(connection, path);
            connection = null;
            return snapshot;
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.Translate(failure);
        }
        finally
        {
            connection?.Dispose();
        }
    }
}
