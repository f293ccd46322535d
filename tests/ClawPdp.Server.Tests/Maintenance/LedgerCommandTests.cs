using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Maintenance;
using ClawPdp.Server.Transparency;
using ClawPdp.TransparencyLog;
using ClawPdp.V1;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.Maintenance;

public sealed class LedgerCommandTests : IAsyncLifetime
{
    private StoppableSidecar? _sidecar;

    private StoppableSidecar Sidecar => _sidecar ?? throw new InvalidOperationException("not started");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sidecar = await StoppableSidecar.StartNewAsync();

    public async ValueTask DisposeAsync()
    {
        if (_sidecar is not null)
        {
            await _sidecar.DisposeAsync();
        }
    }

    [Fact]
    public async Task Check_RunningAndStopped_HoldsUntilTheTwoDisagree()
    {
        await Sidecar.SignAsync("run-1", 0, 20);
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("check", Sidecar.Data));
        await Sidecar.StopAsync();
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("check", Sidecar.Data, "--json"));

        Assert.Equal(ExitCodes.BadVerdict, await StoppableSidecar.RunAsync("check", Sidecar.Data, "--trust", Sidecar.Installation.TrustedDids()[0]));
        Assert.Equal(["pages", "schema", "chain", "index", "log_checkpoint", "log_tiles", "log_entries", "log_root", "log_receipts", "log_head", "log_records"], Check().Select(static step => step.Name));
    }

    [Theory]
    [InlineData("DELETE FROM record WHERE sequence = 2", "chain")]
    [InlineData("DELETE FROM record WHERE sequence = (SELECT max(sequence) FROM record)", "index")]
    // The last record goes with all that finds it: the file alone cannot tell.
    [InlineData("DELETE FROM issuance WHERE sequence = (SELECT max(sequence) FROM record); DELETE FROM record WHERE sequence = (SELECT max(sequence) FROM record)", "log_head")]
    [InlineData("UPDATE meta SET value = replace(value, '\"size\":', '\"size\":1') WHERE name = 'log_signed_head'", "log_head")]
    [InlineData("UPDATE meta SET value = replace(value, '\"last_sequence\":', '\"last_sequence\":1') WHERE name = 'log_signed_head'", "log_head")]
    [InlineData("UPDATE meta SET value = value || 'x' WHERE name = 'log_origin'", "log_head")]
    [InlineData("DELETE FROM meta WHERE name = 'log_signed_head'", "log_head")]
    public async Task Check_LedgerTampered_NamesTheStep(string statement, string step)
    {
        await Sidecar.StopAsync();
        Tamper(statement);

        Assert.Equal((step, false), (Check()[^1].Name, Check()[^1].Passed));
    }

    [Fact]
    public async Task Check_ChainRewrittenFromSomeRecordOn_IsSeenByTheLog()
    {
        await Sidecar.StopAsync();
        RewriteLastRecord();

        Assert.Equal(("log_records", false), (Check()[^1].Name, Check()[^1].Passed));
    }

    [Fact]
    public async Task Export_WhileTheSidecarRuns_GivesLinesThatHashToTheChain()
    {
        await Sidecar.SignAsync("run-1", 0, 5);
        var file = Sidecar.Folder("all.jsonl");

        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("export", Sidecar.Data, "--out", file));
        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("export", Sidecar.Data, "--out", file));
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("export", Sidecar.Data, "--from", "3", "--to", "9", "--kind", "issuance", "receipt", "--out", file + "2"));
        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("export", Sidecar.Data, "--kind", "nothing", "--out", file + "3"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var lines = await File.ReadAllLinesAsync(file, Cancellation);
        AssertChain(lines, first: 1);
        var some = (await File.ReadAllLinesAsync(file + "2", Cancellation)).Select(Parse).ToList();
        Assert.NotEmpty(some);
        Assert.All(some, static line => Assert.True(line.FindText("kind") is "issuance" or "receipt" && line.Find("sequence")?.Number is >= 3 and <= 9));
        Assert.False(File.Exists(file + "3"));
    }

    [Fact]
    public async Task Backup_WhileReceiptsAreSigned_HoldsAllThatWasAcknowledgedBefore()
    {
        await Sidecar.SignAsync("run-1", 0, 30);
        var acknowledged = HeadOf(Sidecar.Data);
        using var stopping = new CancellationTokenSource();
        var writing = WriteUntilAsync(stopping.Token);

        for (var round = 0; round < 4; round++)
        {
            var target = Sidecar.Folder(string.Create(CultureInfo.InvariantCulture, $"backup-{round}"));
            Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync(["backup", Sidecar.Data, "--to", target, .. round % 2 == 0 ? ["--full"] : Array.Empty<string>()]));
            var manifest = BackupManifest.Read(target);
            Assert.True(manifest.Head.Sequence >= acknowledged);
            acknowledged = HeadOf(Sidecar.Data);
            Assert.True(WholeCheck.Holds(CheckBackup(target)));
            Assert.Equal(["backup.json", "ledger.db"], Directory.EnumerateFiles(target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.All(StoppableSidecar.FilesOf(target).Values, static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.Mode));
            Assert.All(Directory.EnumerateDirectories(target, "*", SearchOption.AllDirectories).Append(target), static folder => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder)));
        }

        await stopping.CancelAsync();
        Assert.True(await writing > 0);
    }

    [Fact]
    public async Task Backup_FolderNotEmpty_IsRefused()
    {
        Directory.CreateDirectory(Sidecar.Folder("taken"));
        await File.WriteAllTextAsync(Path.Combine(Sidecar.Folder("taken"), "file"), "", Cancellation);

        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("backup", Sidecar.Data, "--to", Sidecar.Folder("taken")));
    }

    [Fact]
    public async Task Restore_AnotherPlace_IsTheSameByteForByteAndStarts()
    {
        await Sidecar.SignAsync("run-1", 0, 10);
        var revoked = await Sidecar.IssueAsync();
        await Sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = revoked, Reason = "test" });
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("backup", Sidecar.Data, "--to", Sidecar.Folder("backup")));
        await Sidecar.SignAsync("run-1", 10, 10);
        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("restore", "--from", Sidecar.Folder("backup"), "--to", Sidecar.Data));
        await Sidecar.StopAsync();
        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("restore", "--from", Sidecar.Folder("backup"), "--to", Sidecar.Data));
        Directory.Move(Sidecar.Log, Sidecar.Folder("lost-log"));
        MoveLedgerAway();

        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("restore", "--from", Sidecar.Folder("backup"), "--to", Sidecar.Data));

        var backup = StoppableSidecar.FilesOf(Sidecar.Folder("backup"));
        var restored = StoppableSidecar.FilesOf(Sidecar.Data);
        Assert.All(backup.Where(static file => file.Key != "backup.json"), file => Assert.Equal(file.Value, restored[file.Key]));
        await Sidecar.StartAsync();
        Assert.True(await Sidecar.IsRevokedAsync(revoked));
        await Sidecar.SignAsync("run-2", 0, 3);
        await Sidecar.StopAsync();
        Assert.All(Check(), static step => Assert.True(step.Passed, step.Name + step.Detail));
    }

    [Theory]
    [InlineData("ledger.db")]
    [InlineData("log/checkpoint")]
    [InlineData("log/receipts")]
    [InlineData("log/tile/0/000.p")]
    [InlineData("log/tile/entries/000.p")]
    public async Task Restore_OneBitOfTheBackup_IsRefused(string file)
    {
        await Sidecar.SignAsync("run-1", 0, 2);
        await Sidecar.StopAsync();
        var backup = Sidecar.Folder("backup");
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("backup", Sidecar.Data, "--to", backup));
        var path = Directory.EnumerateFiles(backup, "*", SearchOption.AllDirectories).First(found => found.StartsWith(Path.Combine(backup, file), StringComparison.Ordinal));
        var content = await File.ReadAllBytesAsync(path, Cancellation);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, content, Cancellation);
        MoveLedgerAway();
        Directory.Delete(Sidecar.Log, recursive: true);

        Assert.Equal(ExitCodes.BadVerdict, await StoppableSidecar.RunAsync("restore", "--from", backup, "--to", Sidecar.Data));
        Assert.False(File.Exists(Sidecar.Database));
    }

    [Fact]
    public async Task Restore_UnfinishedBackup_IsRefused()
    {
        var backup = Sidecar.Folder("backup");
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("backup", Sidecar.Data, "--to", backup));
        File.Delete(Path.Combine(backup, "backup.json"));

        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("restore", "--from", backup, "--to", Sidecar.Folder("new")));
        Assert.False(Directory.Exists(Sidecar.Folder("new")));
    }

    [Fact]
    public async Task Restore_StoppedHalfway_GoesOn()
    {
        await Sidecar.StopAsync();
        var backup = Sidecar.Folder("backup");
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("backup", Sidecar.Data, "--to", backup));
        MoveLedgerAway();
        // The log is that of the backup already, the ledger is half written.
        Directory.Delete(Sidecar.Log, recursive: true);
        CopyFolder(Path.Combine(backup, "log"), Sidecar.Log);
        await File.WriteAllTextAsync(Sidecar.Database + ".restoring", "half", Cancellation);
        await Assert.ThrowsAsync<StartFaultException>(Sidecar.StartAsync);
        File.Delete(Sidecar.Database);
        foreach (var rest in Directory.EnumerateFiles(Sidecar.Data, "ledger.db-*"))
        {
            File.Delete(rest);
        }

        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("restore", "--from", backup, "--to", Sidecar.Data));
        await Sidecar.StartAsync();
        await Sidecar.SignAsync("run-1", 0, 1);
    }

    [Fact]
    public async Task Start_LedgerOlderThanTheLog_IsRefusedAndSaysWhy()
    {
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("backup", Sidecar.Data, "--to", Sidecar.Folder("backup")));
        await Sidecar.SignAsync("run-1", 0, 3);
        await Sidecar.StopAsync();
        MoveLedgerAway();
        File.Copy(Path.Combine(Sidecar.Folder("backup"), "ledger.db"), Sidecar.Database);
        File.SetUnixFileMode(Sidecar.Database, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var refusal = await Assert.ThrowsAsync<StartFaultException>(Sidecar.StartAsync);

        Assert.Contains("set back", refusal.Lines[0], StringComparison.Ordinal);
        Assert.Equal(("log_head", false), (Check()[^1].Name, Check()[^1].Passed));
        Assert.Contains("set back", Check()[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_LedgerAheadOfTheLog_CatchesUp()
    {
        await Sidecar.StopAsync();
        var log = Sidecar.Folder("log-of-the-beginning");
        CopyFolder(Sidecar.Log, log);
        var head = MetaOf(LedgerSignedHeads.Name);
        await Sidecar.StartAsync();
        await Sidecar.SignAsync("run-1", 0, 3);
        await Sidecar.StopAsync();
        // As a sidecar leaves it that was killed before it published: its head is that of the log.
        Directory.Delete(Sidecar.Log, recursive: true);
        CopyFolder(log, Sidecar.Log);
        Tamper($"UPDATE meta SET value = '{head}' WHERE name = 'log_signed_head'");

        Assert.All(Check(), static step => Assert.True(step.Passed, step.Name + step.Detail));
        await Sidecar.StartAsync();
        await Sidecar.StopAsync();
        Assert.EndsWith("; 0 are not published yet", Check()[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_FinishedRuns_KeepsTheLogTheRevocationsAndTheExportsOfOpenRuns()
    {
        await Sidecar.SignAsync("run-done", 0, 10);
        await Sidecar.SignAsync("run-open", 0, 10);
        await Sidecar.FinishAsync("run-done");
        var revoked = await Sidecar.IssueAsync();
        await Sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Subject = "did:key:z6MkSomebodyElse", Reason = "test" });
        await Sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = revoked, Reason = "test" });
        var older = await ExportRunAsync("run-done");
        await Sidecar.StopAsync();
        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("prune", Sidecar.Data, "--before", DateTimeOffset.UtcNow.AddDays(-29).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("prune", Sidecar.Data, "--before", "yesterday"));
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("prune", Sidecar.Data, "--before", "2020-01-01", "--dry-run"));

        var report = PruneInTime();

        Assert.True(report.RemovedCount > 20, string.Join(' ', report.Removed));
        Assert.All(Check(), static step => Assert.True(step.Passed, step.Name + step.Detail));
        await Sidecar.StartAsync();
        Assert.True(await Sidecar.IsRevokedAsync(revoked));
        Assert.Contains("pruned", (await RefusalOfAsync("run-done")).Message, StringComparison.Ordinal);
        var evidence = await ExportRunAsync("run-open");
        var trusted = Sidecar.Installation.TrustedDids();
        Assert.True(ClawPdp.Audit.AuditVerifier.Verify(evidence, trusted, TimeProvider.System.GetUtcNow()).Holds);
        // What was exported before still holds, and the log goes on from it.
        var report2 = WholeLogQuestion.AddTo(ClawPdp.Audit.AuditVerifier.Verify(older, trusted, TimeProvider.System.GetUtcNow()), older, Sidecar.Log, trusted);
        Assert.True(report2.Holds, string.Join(' ', report2.Answers.SelectMany(static answer => answer.Problems)));
        await Sidecar.SignAsync("run-open", 10, 2);
        await Sidecar.StopAsync();
        Assert.All(Check(), static step => Assert.True(step.Passed, step.Name + step.Detail));
        Assert.True(LogCheck.Run(Sidecar.Log, trusted, olderNote: null).Holds);
        await AssertExportOfPrunedAsync();
    }

    [Fact]
    public async Task Prune_SidecarRuns_IsRefused() =>
        Assert.Equal(ExitCodes.BadInput, await StoppableSidecar.RunAsync("prune", Sidecar.Data, "--before", "2020-01-01"));

    private static JsonValue Parse(string line) => JsonReader.Parse(Encoding.UTF8.GetBytes(line), 1 << 24).Value;

    private static byte[] HashOf(byte[] previous, long sequence, byte kind, byte[] content)
    {
        var number = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        return System.Security.Cryptography.SHA256.HashData([.. "clawpdp.ledger.record.v1\0"u8, .. previous, .. number, kind, .. content]);
    }

    // Recomputed from each line's own text, by the formula of docs/evidence.md.
    private static void AssertChain(IEnumerable<string> lines, long first)
    {
        var previous = new byte[32];
        foreach (var line in lines)
        {
            var value = Parse(line);
            var content = Encoding.UTF8.GetBytes(line[(line.IndexOf("\"content\":", StringComparison.Ordinal) + "\"content\":".Length)..^1]);
            Assert.Equal(first, value.Find("sequence")?.Number);
            Assert.Equal(Base64UrlText.Encode(previous), value.FindText("previous_hash_b64u"));
            previous = HashOf(previous, first, (byte)LedgerExport.Kinds[value.FindText("kind") ?? ""], content);
            Assert.Equal(Base64UrlText.Encode(previous), value.FindText("hash_b64u"));
            first++;
        }
    }

    private static long HeadOf(string folder)
    {
        using var ledger = LedgerSnapshot.Open(folder);
        return ledger.Head.Sequence;
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var path in FileDigest.PathsOf(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, path)) ?? to);
            File.Copy(Path.Combine(from, path), Path.Combine(to, path));
        }
    }

    private ImmutableArray<LedgerCheckStep> Check() =>
        WholeCheck.Run(() => LedgerSnapshot.Open(Sidecar.Data), Sidecar.Log, LogTrust.Of(null, Sidecar.Data), Cancellation);

    private ImmutableArray<LedgerCheckStep> CheckBackup(string folder) =>
        WholeCheck.Run(() => LedgerSnapshot.OpenCopy(Path.Combine(folder, "ledger.db")), Path.Combine(folder, "log"), LogTrust.Of(null, Sidecar.Data), Cancellation);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Sidecar.Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Tamper(string statement)
    {
        using var connection = Open();
        SqliteException.ThrowExceptionForRC(SQLitePCL.raw.sqlite3_exec(connection.Handle, statement), connection.Handle);
        Assert.True(SQLitePCL.raw.sqlite3_changes(connection.Handle) > 0);
    }

    // The newest record of all, which nothing is linked to yet, with its own hash.
    private void RewriteLastRecord()
    {
        using var connection = Open();
        using var read = new SqliteCommand("SELECT own.sequence, own.kind, own.content, before.hash FROM record AS own JOIN record AS before ON before.sequence = own.sequence - 1 ORDER BY own.sequence DESC LIMIT 1", connection);
        using var rows = read.ExecuteReader();
        Assert.True(rows.Read());
        var (sequence, kind, content, previous) = (rows.GetInt64(0), rows.GetByte(1), rows.GetFieldValue<byte[]>(2), rows.GetFieldValue<byte[]>(3));
        rows.Close();
        var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("\"owner_ref\":\"", "\"owner_ref\":\"x", StringComparison.Ordinal));
        Assert.NotEqual(content, changed);
        using var write = new SqliteCommand("UPDATE record SET content = $content, hash = $hash WHERE sequence = $sequence", connection);
        write.Parameters.AddWithValue("$content", changed);
        write.Parameters.AddWithValue("$hash", HashOf(previous, sequence, kind, changed));
        write.Parameters.AddWithValue("$sequence", sequence);
        write.ExecuteNonQuery();
    }

    private string MetaOf(string name)
    {
        using var ledger = LedgerSnapshot.Open(Sidecar.Data);
        return ledger.GetMeta(name) ?? "";
    }

    private void MoveLedgerAway()
    {
        foreach (var path in Directory.EnumerateFiles(Sidecar.Data, "ledger.db*"))
        {
            File.Move(path, Sidecar.Folder("lost-" + Path.GetFileName(path)));
        }
    }

    private async Task<long> WriteUntilAsync(CancellationToken stopping)
    {
        var count = 0;
        for (; !stopping.IsCancellationRequested && count < 20_000; count++)
        {
            await Sidecar.SignAsync("run-writing", count, 1);
        }

        return count;
    }

    private PruneReport PruneInTime()
    {
        var now = DateTimeOffset.UtcNow.AddDays(60);
        var head = LedgerSignedHeads.Read(MetaOf(LedgerSignedHeads.Name)) ?? throw new InvalidOperationException("nothing is published");
        using var pruner = LedgerPruner.Open(Sidecar.Data, new FakeTimeProvider(now), NullLogger.Instance);
        var report = pruner.Prune(
            new PruneRequest
            {
                Before = now.AddDays(-31),
                PublishedThrough = head.LastSequence,
                Batches = new LogFolder(Sidecar.Log).ReadEntries(head.Size).Where(static entry => entry.IsBatch).Select(static entry => (entry.FirstSequence, entry.LastSequence)),
            },
            Cancellation);
        pruner.Compact();
        return report;
    }

    private async Task<byte[]> ExportRunAsync(string run)
    {
        using var call = Sidecar.Client.Audits.ExportRun(new ExportRunRequest { RunId = run }, cancellationToken: Cancellation);
        using var content = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(Cancellation))
        {
            Assert.NotNull(piece.File);
            if (piece.File.Name == "evidence.json")
            {
                piece.File.Content.WriteTo(content);
            }
        }

        return content.ToArray();
    }

    private async Task<Refusal> RefusalOfAsync(string run)
    {
        using var call = Sidecar.Client.Audits.ExportRun(new ExportRunRequest { RunId = run }, cancellationToken: Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        return call.ResponseStream.Current.Refusal;
    }

    private async Task AssertExportOfPrunedAsync()
    {
        var file = Sidecar.Folder("pruned.jsonl");
        Assert.Equal(ExitCodes.Ok, await StoppableSidecar.RunAsync("export", Sidecar.Data, "--out", file));
        var next = 1.0;
        var stretches = 0;
        foreach (var line in (await File.ReadAllLinesAsync(file, Cancellation)).Select(Parse))
        {
            var pruned = line.Find("pruned");
            stretches += pruned is null ? 0 : 1;
            Assert.Equal(next, (pruned?.Find("first_sequence") ?? line.Find("sequence"))?.Number);
            next = 1 + (pruned?.Find("last_sequence") ?? line.Find("sequence"))?.Number ?? 0;
        }

        Assert.Equal(HeadOf(Sidecar.Data) + 1, next);
        Assert.True(stretches > 0);
    }
}
