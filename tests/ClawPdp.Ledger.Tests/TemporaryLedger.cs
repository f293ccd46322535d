using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Ledger.Tests;

/// <summary>A data directory of its own, which goes away with it.</summary>
internal sealed class TemporaryLedger : IDisposable
{
    public TemporaryLedger()
    {
        DirectoryPath = Path.Combine(Path.GetTempPath(), "clawpdp-ledger-" + Guid.NewGuid().ToString("N"));
        Settings = new LedgerSettings { DirectoryPath = DirectoryPath };
    }

    public string DirectoryPath { get; }

    public string DatabasePath => Path.Combine(DirectoryPath, "ledger.db");

    public LedgerSettings Settings { get; }

    public LedgerStore Open() => Open(Settings);

    public static LedgerStore Open(LedgerSettings settings) => LedgerStore.Open(settings, TimeProvider.System, NullLogger.Instance);

    /// <summary>Opens for looking at damage.</summary>
    public LedgerStore OpenUnchecked() => Open(Settings with { ChecksAtOpening = false });

    /// <summary>Opens the file as any other program could.</summary>
    public SqliteConnection OpenRaw()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabasePath, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Does to the closed file what the ledger itself never does.</summary>
    public void Tamper(string statement)
    {
        using var connection = OpenRaw();
        Run(connection, statement);
    }

    public static void Run(SqliteConnection connection, string statement)
    {
        var outcome = SQLitePCL.raw.sqlite3_exec(connection.Handle, statement);
        SqliteException.ThrowExceptionForRC(outcome, connection.Handle);
    }

    public void Dispose()
    {
        if (Directory.Exists(DirectoryPath))
        {
            Directory.Delete(DirectoryPath, recursive: true);
        }
    }
}
