using System.Threading.Channels;
using ClawPdp.Load.Loops;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Load.Floors;

/// <summary>What SQLite alone takes to keep 600-byte rows of several producers: WAL, synchronous=FULL, one writer, one transaction a batch.</summary>
internal static class GroupCommitFloor
{
    private const int RecordSizeBytes = 600;
    private const int BatchSizeMax = 256;

    public static async Task<Samples> MeasureAsync(string directory, int producers, TimeSpan duration)
    {
        var path = Path.Combine(directory, "floor.db");
        var queue = Channel.CreateBounded<TaskCompletionSource>(4096);
        var writer = Task.Factory.StartNew(() => Write(path, queue.Reader), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var samples = await ClosedLoop.RunAsync(producers, duration, async _ =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await queue.Writer.WriteAsync(done);
            await done.Task;
        });
        queue.Writer.Complete();
        await writer;
        foreach (var file in new[] { path, path + "-wal", path + "-shm" })
        {
            File.Delete(file);
        }

        return samples;
    }

    private static void Write(string path, ChannelReader<TaskCompletionSource> queue)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var prepare = connection.CreateCommand();
        prepare.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE record (sequence INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT";
        prepare.ExecuteNonQuery();
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        using var commit = connection.CreateCommand();
        commit.CommandText = "COMMIT";
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO record (content) VALUES ($content)";
        insert.Parameters.AddWithValue("$content", new byte[RecordSizeBytes]);
        insert.Prepare();
        var batch = new List<TaskCompletionSource>();
        while (queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            begin.ExecuteNonQuery();
            while (batch.Count < BatchSizeMax && queue.TryRead(out var waiter))
            {
                insert.ExecuteNonQuery();
                batch.Add(waiter);
            }

            commit.ExecuteNonQuery();
            batch.ForEach(static waiter => waiter.SetResult());
            batch.Clear();
        }
    }
}
