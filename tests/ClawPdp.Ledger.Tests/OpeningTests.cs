using System.Globalization;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Tests;

public sealed class OpeningTests : IDisposable
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryLedger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Open_NoDirectory_MakesFilesForTheOwnerAlone()
    {
        await using var store = _ledger.Open();
        await store.AppendRefusalAsync(Samples.Refusal(), TestContext.Current.CancellationToken);

        Assert.Equal(OwnerReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_ledger.DirectoryPath));
        var names = Directory.GetFiles(_ledger.DirectoryPath);
        Assert.Contains(Path.Combine(_ledger.DirectoryPath, "ledger.db-wal"), names, StringComparer.Ordinal);
        Assert.All(names, static name => Assert.Equal(OwnerReadWrite, File.GetUnixFileMode(name)));
    }

    [Fact]
    public async Task Open_NewFile_IsHealthyAndEmpty()
    {
        await using var store = _ledger.Open();

        Assert.Equal(LedgerState.Healthy, store.Health.State);
        Assert.Equal(0, store.Health.RecordCount);
        Assert.Null(store.Health.LastCommitAt);
        Assert.Equal(new LedgerHead(0, new string('0', 64)), store.Head);
        Assert.Null(store.VerifyChain(cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Open_HeldByAnother_IsRefusedUntilThatOneCloses()
    {
        var first = _ledger.Open();

        var refusal = Assert.Throws<LedgerException>(_ledger.Open);
        await first.DisposeAsync();
        await using var second = _ledger.Open();

        Assert.Equal(LedgerFault.InUse, refusal.Fault);
        Assert.Equal(LedgerState.Healthy, second.Health.State);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void Open_DirectoryOpenToOthers_IsRefused(UnixFileMode added)
    {
        Directory.CreateDirectory(_ledger.DirectoryPath);
        File.SetUnixFileMode(_ledger.DirectoryPath, OwnerReadWrite | UnixFileMode.UserExecute | added);

        Assert.Equal(LedgerFault.UnsafeMode, Assert.Throws<LedgerException>(_ledger.Open).Fault);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task Open_FileOpenToOthers_IsRefused(UnixFileMode added)
    {
        await _ledger.Open().DisposeAsync();
        File.SetUnixFileMode(_ledger.DatabasePath, OwnerReadWrite | added);

        Assert.Equal(LedgerFault.UnsafeMode, Assert.Throws<LedgerException>(_ledger.Open).Fault);
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefusedAndUnchanged()
    {
        await _ledger.Open().DisposeAsync();
        _ledger.Tamper($"PRAGMA user_version = {LedgerSchema.Steps.Length + 1}");
        var before = await File.ReadAllBytesAsync(_ledger.DatabasePath, TestContext.Current.CancellationToken);

        var refusal = Assert.Throws<LedgerException>(_ledger.Open);

        Assert.Equal(LedgerFault.NewerSchema, refusal.Fault);
        Assert.Equal(before, await File.ReadAllBytesAsync(_ledger.DatabasePath, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("PRAGMA application_id = 0")]
    [InlineData("PRAGMA application_id = 1129341041")]
    [InlineData("PRAGMA user_version = 0")]
    [InlineData("PRAGMA user_version = -1")]
    public async Task Open_DatabaseOfAnotherProgram_IsRefused(string statement)
    {
        await _ledger.Open().DisposeAsync();
        _ledger.Tamper(statement);

        Assert.Equal(LedgerFault.NotALedger, Assert.Throws<LedgerException>(_ledger.Open).Fault);
    }

    [Fact]
    public void Open_NoDatabaseAtAll_IsRefused()
    {
        LedgerFiles.EnsureDirectory(_ledger.DirectoryPath);
        LedgerFiles.EnsureDatabase(_ledger.DatabasePath);
        File.WriteAllText(_ledger.DatabasePath, new string('x', 10_000));

        Assert.Equal(LedgerFault.NotALedger, Assert.Throws<LedgerException>(_ledger.Open).Fault);
    }

    [Fact]
    public async Task Open_DamagedPage_IsRefused()
    {
        var store = _ledger.Open();
        for (var index = 0; index < 100; index++)
        {
            await store.AppendReceiptAsync(Samples.Receipt("r" + index.ToString(CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);
        }

        await store.DisposeAsync();
        using (var file = File.OpenWrite(_ledger.DatabasePath))
        {
            file.Position = file.Length / 2 / 4096 * 4096;
            file.Write(new byte[4096]);
        }

        Assert.Equal(LedgerFault.Corrupt, Assert.Throws<LedgerException>(_ledger.Open).Fault);
    }

    [Fact]
    public async Task Open_BigFile_ChecksTheNewestRecordsOnly()
    {
        var settings = _ledger.Settings with { QuickCheckSizeMaxBytes = 0 };
        var store = TemporaryLedger.Open(settings);
        await store.AppendRefusalAsync(Samples.Refusal(), TestContext.Current.CancellationToken);
        await store.DisposeAsync();
        _ledger.Tamper("UPDATE record SET kind = 5");

        Assert.Equal(LedgerFault.Corrupt, Assert.Throws<LedgerException>(() => TemporaryLedger.Open(settings)).Fault);
    }

    [Theory]
    [InlineData(0, 256)]
    [InlineData(1_000_001, 256)]
    [InlineData(4096, 0)]
    [InlineData(4096, 10_001)]
    public void Open_SettingOutOfRange_Throws(int queueCapacity, int batchSizeMax)
    {
        var settings = _ledger.Settings with { QueueCapacity = queueCapacity, BatchSizeMax = batchSizeMax };

        Assert.Throws<ArgumentException>(() => TemporaryLedger.Open(settings));
    }

    [Fact]
    public async Task Upgrade_OlderFile_RunsTheMissingStepsOnly()
    {
        await _ledger.Open().DisposeAsync();
        using var connection = _ledger.OpenRaw();

        LedgerSchema.Upgrade(connection, version: 1, ["not run", "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT"]);

        Assert.Equal(2, LedgerSchema.ReadVersion(connection, versionMax: 2));
        Assert.Equal(0, LedgerDatabase.AskNumber(connection, "SELECT count(*) FROM later"));
    }

    [Fact]
    public async Task Upgrade_FileBeforeNoncesLapsed_KeepsNoncesReceiptsAndEnds()
    {
        var receipt = Samples.Receipt("r1", nonce: "n");
        var revocation = Samples.Revocation("rev_1") with { ExpiresAt = Samples.Instant };
        await using (var store = _ledger.Open())
        {
            await store.AppendReceiptAsync(receipt, TestContext.Current.CancellationToken);
            await store.Revocations.AppendAsync(revocation, TestContext.Current.CancellationToken);
            await store.Revocations.AppendAsync(Samples.Revocation("rev_2", "never"), TestContext.Current.CancellationToken);
        }

        // The file as the version before had it.
        var before = LedgerSchema.Steps.IndexOf(LedgerSchema.Steps.Single(static step => step.Contains("TABLE idempotency_key", StringComparison.Ordinal)));
        _ledger.Tamper(
            $"""
            CREATE TABLE old (sequence INTEGER PRIMARY KEY, receipt_id TEXT NOT NULL UNIQUE, idempotency_scope TEXT NOT NULL, nonce TEXT NOT NULL, UNIQUE (idempotency_scope, nonce)) STRICT;
            INSERT INTO old SELECT receipt.sequence, receipt_id, idempotency_scope, nonce FROM receipt JOIN idempotency_key USING (sequence);
            DROP TABLE receipt;
            ALTER TABLE old RENAME TO receipt;
            DROP TABLE idempotency_key;
            DROP INDEX revocation_change;
            DROP INDEX revocation_kind;
            ALTER TABLE revocation DROP COLUMN expires_ms;
            PRAGMA user_version = {before};
            """);
        await using var upgraded = _ledger.Open();
        var targets = new List<RevocationTarget>();
        upgraded.Revocations.VisitTargets(targets.Add);

        Samples.AssertSame(receipt, upgraded.FindByNonce(receipt.IdempotencyScope, "n")?.Record);
        Samples.AssertSame(receipt, upgraded.GetReceipt("r1")?.Record);
        Assert.InRange(targets[0].ExpiresAt ?? default, Samples.Instant, Samples.Instant.AddSeconds(1));
        Assert.Null(targets[1].ExpiresAt);
        Assert.Equal(AppendStatus.Replayed, (await upgraded.AppendReceiptAsync(Samples.Receipt("r2", nonce: "n"), TestContext.Current.CancellationToken)).Status);
        Assert.Null(upgraded.VerifyChain(cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Upgrade_FileBeforeEventsStoodByTheirIds_FindsThemAndHolds()
    {
        var receipt = Samples.Receipt("r1");
        await using (var store = _ledger.Open())
        {
            await store.AppendReceiptAsync(receipt, TestContext.Current.CancellationToken);
            await store.AppendEventAsync(Samples.Event("evt-2", receipt.IdempotencyScope), TestContext.Current.CancellationToken);
        }

        // The file as the version before had it.
        var before = LedgerSchema.Steps.IndexOf(LedgerSchema.Steps.Single(static step => step.Contains("TABLE event_by_id", StringComparison.Ordinal)));
        _ledger.Tamper(
            $"""
            CREATE TABLE old (sequence INTEGER PRIMARY KEY, run_id TEXT NOT NULL, event_id TEXT NOT NULL, event_hash TEXT NOT NULL, UNIQUE (run_id, event_id), UNIQUE (run_id, event_hash)) STRICT;
            INSERT INTO old SELECT sequence, run_id, event_id, event_hash FROM event;
            DROP TABLE event;
            ALTER TABLE old RENAME TO event;
            CREATE INDEX event_run ON event (run_id, sequence);
            PRAGMA user_version = {before};
            """);
        await using var upgraded = _ledger.Open();
        var again = await upgraded.AppendEventAsync(Samples.Event("evt-2", receipt.IdempotencyScope), TestContext.Current.CancellationToken);
        var next = await upgraded.AppendEventAsync(Samples.Event("evt-3", receipt.IdempotencyScope), TestContext.Current.CancellationToken);

        Assert.Equal((AppendStatus.Replayed, AppendStatus.Appended), (again.Status, next.Status));
        Assert.Equal(again.Record?.Event.EventHash, next.Record?.Event.PreviousHash);
        Assert.Equal(["evt-r1", "evt-2", "evt-3"], upgraded.ReadEvents(receipt.IdempotencyScope, 1).Select(static item => item.Event.Event.EventId));
        Assert.Null(upgraded.VerifyChain(cancellation: TestContext.Current.CancellationToken));
        using var snapshot = LedgerSnapshot.Open(_ledger.DirectoryPath);
        Assert.All(LedgerCheck.Run(snapshot, snapshot.Head, TestContext.Current.CancellationToken), static step => Assert.True(step.Passed, step.Detail));
    }
}
