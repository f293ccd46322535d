using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Named values of the installation; outside the chain.</summary>
internal sealed class MetaTable : IDisposable
{
    private readonly Statement _set;
    private readonly Statement _get;

    public MetaTable(SqliteConnection connection)
    {
        _set = new Statement(
            connection,
            "INSERT INTO meta VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            "$name",
            "$value");
        _get = new Statement(connection, "SELECT value FROM meta WHERE name = $name", "$name");
    }

    /// <summary>Keeps a value and gives how many rows changed: one.</summary>
    public int Set(string name, string value) => _set.Run(name, value);

    public string? Get(string name)
    {
        using var rows = _get.Query(name);
        return rows.Read() ? rows.GetString(0) : null;
    }

    public void Dispose()
    {
        _set.Dispose();
        _get.Dispose();
    }
}
