using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Load.Rigs;

/// <summary>Waits for the transparency log to come after the ledger, by what the ledger keeps of it.</summary>
internal static class LogWatch
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(30);

    public static async Task CatchUpAsync(string data, long records)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "ledger.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT json_extract(value, '$.last_sequence') FROM meta WHERE name = 'log_signed_head'";
        for (var end = DateTimeOffset.UtcNow + WaitMax; DateTimeOffset.UtcNow < end; await Task.Delay(TimeSpan.FromSeconds(1)))
        {
            if (await command.ExecuteScalarAsync() is long sequence && sequence >= records)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the log covers {sequence} records"));
                return;
            }
        }

        throw new TimeoutException("the log did not come after the ledger");
    }
}
