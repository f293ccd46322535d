using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Load.Rigs;

/// <summary>Waits for the transparency log to come after the ledger, by what the ledger keeps of it.</summary>
internal static class LogWatch
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(30);

    public static async Task CatchUpAsync(string data)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "ledger.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT json_extract(value, '$.last_sequence'), (SELECT max(sequence) FROM record) FROM meta WHERE name = 'log_signed_head'";
        for (var end = DateTimeOffset.UtcNow + WaitMax; DateTimeOffset.UtcNow < end; await Task.Delay(TimeSpan.FromSeconds(1)))
        {
            await using var rows = await command.ExecuteReaderAsync();
            if (await rows.ReadAsync() && rows.GetInt64(0) >= rows.GetInt64(1))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the log covers {rows.GetInt64(0)} records"));
                return;
            }
        }

        throw new TimeoutException("the log did not come after the ledger");
    }
}
