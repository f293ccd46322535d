using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Tests.Maintenance;

public sealed class PruneTests : IDisposable
{
    private readonly OldLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Prune_OldRecords_RemovesWhatNothingNeedsAndKeepsTheRest()
    {
        var last = await _ledger.FillAsync();
        _ledger.AssertHolds();

        var report = _ledger.Prune(last);

        Assert.Equal(last, report.ThroughSequence);
        Assert.Equal(1, report.OpenRunCount);
        _ledger.AssertHolds();
        await using var store = _ledger.Files.Open();
        Assert.Null(store.VerifyChain(store.Head, Cancellation));
        Assert.Equal(["for ever", "still", "lengthened"], store.LoadRevocations().Select(static record => record.Value));
        Assert.Equal(OldLedger.Now.AddDays(1), store.LoadRevocations()[^1].ExpiresAt);
        Assert.NotNull(store.GetIssuance(OldLedger.LiveToken));
        Assert.NotNull(store.GetIssuance(OldLedger.OpenToken));
        Assert.Null(store.GetIssuance(OldLedger.FinishedToken));
        Assert.Null(store.FindRun(OldLedger.FinishedRun));
        Assert.Null(store.GetReceipt("r-" + OldLedger.FinishedRun));
        Assert.Null(store.FindByNonce(OldLedger.FinishedRun, "nonce-r-" + OldLedger.FinishedRun));
        Assert.Null(store.FindDecision("dec_" + OldLedger.FinishedRun));
        Assert.Null(store.FindDecision("dec_stranger_" + OldLedger.OpenRun));
        Assert.Null(store.FindDecision("dec_approved"));
        Assert.NotNull(store.FindDecision("dec_named"));
        Assert.True(store.IsApprovalUsed("approval"));
    }

    [Fact]
    public async Task Prune_OldAct_IsKept()
    {
        long sequence;
        await using (var store = _ledger.Files.Open())
        {
            sequence = await store.AppendActAsync(new ActRecord { ActId = "act_1", ActedAt = OldLedger.Old, Operation = "PutPolicy", By = "local" }, Cancellation);
        }

        _ledger.Prune(await _ledger.FillAsync());

        _ledger.AssertHolds();
        await using var pruned = _ledger.Files.Open();
        var record = Assert.Single(pruned.ReadRecords([sequence]));
        Assert.Equal((RecordKind.Act, false), (record.Kind, record.IsPruned));
    }

    [Theory]
    [InlineData(OldLedger.OpenRun)]
    [InlineData(OldLedger.LateRun)]
    public async Task Prune_RunsThatGoOn_KeepsEveryRecordOfThem(string run)
    {
        var last = await _ledger.FillAsync();
        var before = await MembersOfAsync(run);

        _ledger.Prune(last);

        Assert.True(before.Count > 5);
        Assert.Equal(before, await MembersOfAsync(run));
    }

    [Fact]
    public async Task Prune_DryRun_SaysTheSameAndChangesNothing()
    {
        var last = await _ledger.FillAsync();
        var bytes = await File.ReadAllBytesAsync(_ledger.Files.DatabasePath, Cancellation);

        var dry = _ledger.Prune(last, isDryRun: true);
        var after = await File.ReadAllBytesAsync(_ledger.Files.DatabasePath, Cancellation);
        var real = _ledger.Prune(last);

        Assert.Equal(bytes, after);
        Assert.Equal(dry.Removed, real.Removed);
        Assert.Equal(dry.Kept, real.Kept);
        Assert.Equal(dry.RemovedBytes, real.RemovedBytes);
        Assert.True(real.RemovedCount > 10);
        Assert.Equal((0L, last + 4), (dry.PruneSequence, real.PruneSequence));
    }

    [Fact]
    public async Task Prune_NotPublishedYet_StopsThere()
    {
        await _ledger.FillAsync();

        Assert.Equal(7, _ledger.Prune(publishedThrough: 7).ThroughSequence);
        Assert.Equal(0, _ledger.Prune(publishedThrough: 0).RemovedCount);
        _ledger.AssertHolds();
    }

    [Fact]
    public async Task Prune_ARecordThatIsNotOldEnough_EndsIt()
    {
        var last = await _ledger.FillAsync();

        Assert.Equal(last, _ledger.Prune(last + 3, isDryRun: true).ThroughSequence);
        Assert.Equal(0, _ledger.Prune(last, isDryRun: true, before: OldLedger.Old).ThroughSequence);
    }

    [Fact]
    public async Task Prune_Again_RemovesWhatTheFirstTimeWasStillNeeded()
    {
        var last = await _ledger.FillAsync();
        var first = _ledger.Prune(last);
        await using (var store = _ledger.Files.Open())
        {
            await store.FinishRunAsync(OldLedger.OpenRun, OldLedger.Agent, OldLedger.Now, Cancellation);
        }

        var nothing = _ledger.Prune(last);
        _ledger.Time.Advance(TimeSpan.FromDays(100));
        var second = _ledger.Prune(first.PruneSequence + 1, before: OldLedger.Now.AddDays(50));

        Assert.Equal((0L, 0L), (nothing.RemovedCount, nothing.PruneSequence));
        Assert.True(second.RemovedCount > 10);
        _ledger.AssertHolds();
        await using var pruned = _ledger.Files.Open();
        Assert.Null(pruned.FindRun(OldLedger.OpenRun));
        Assert.Null(pruned.FindRun(OldLedger.LateRun));
        Assert.Equal("for ever", Assert.Single(pruned.LoadRevocations()).Value);
        await pruned.AppendRefusalAsync(Samples.Refusal(), Cancellation);
        Assert.Null(pruned.VerifyChain(pruned.Head, Cancellation));
        Assert.Equal(first.PruneSequence, Assert.Single(pruned.ReadRecords([first.PruneSequence])).Sequence);
    }

    [Theory]
    [InlineData(-29)]
    [InlineData(-30)]
    [InlineData(1)]
    public async Task Prune_InstantTooNear_IsRefused(int days)
    {
        var last = await _ledger.FillAsync();

        var refusal = Assert.Throws<ArgumentException>(() => _ledger.Prune(last, before: OldLedger.Now.AddDays(days).AddSeconds(1)));

        Assert.Contains("30 days", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_BeforeAnEarlierPruning_IsRefused()
    {
        var last = await _ledger.FillAsync();
        _ledger.Prune(last);

        Assert.Throws<ArgumentException>(() => _ledger.Prune(last, before: OldLedger.Before.AddSeconds(-1)));
    }

    [Fact]
    public async Task Open_SidecarRuns_IsRefused()
    {
        await _ledger.FillAsync();
        await using var store = _ledger.Files.Open();

        Assert.Equal(LedgerFault.InUse, Assert.Throws<LedgerException>(() => _ledger.Prune(1)).Fault);
    }

    [Fact]
    public async Task Prune_BatchWithAKeptDecision_KeepsTheHashesOfTheWholeBatch()
    {
        await using (var store = _ledger.Files.Open())
        {
            for (var index = 1; index <= 9; index++)
            {
                await store.AppendDecisionAsync(Samples.Decision($"dec_{index}") with { RunId = index == 6 ? OldLedger.OpenRun : null, AgentDid = OldLedger.Agent }, Cancellation);
            }

            await store.StartRunAsync(Samples.Run(OldLedger.OpenRun), Cancellation);
        }

        _ledger.Prune(9, batches: [(1, 4), (5, 9)]);

        using var snapshot = LedgerSnapshot.Open(_ledger.Files.DirectoryPath);
        Assert.Equal([(5, true), (6, false), (7, true), (8, true), (9, true)], snapshot.Read(1, 9).Select(static record => ((int)record.Sequence, record.IsPruned)));
        _ledger.AssertHolds();
    }

    [Fact]
    public async Task ReadRecords_APrunedOne_SaysSo()
    {
        var last = await _ledger.FillAsync();
        _ledger.Prune(last);
        await using var store = _ledger.Files.Open();

        Assert.Equal(LedgerFault.Pruned, Assert.Throws<LedgerException>(() => store.ReadRecords([last])).Fault);
        Assert.Equal(LedgerFault.Pruned, Assert.Throws<LedgerException>(() => store.ReadRecords([2])).Fault);
        Assert.Equal(LedgerFault.Corrupt, Assert.Throws<LedgerException>(() => store.ReadRecords([last + 50])).Fault);
    }

    [Fact]
    public async Task VerifyChain_HeadKeptOutside_ThatWasPrunedIsNoAnchor()
    {
        var last = await _ledger.FillAsync();
        await using var before = _ledger.Files.Open();
        var removed = new LedgerHead(12, Convert.ToHexStringLower(before.ReadRecords([12])[0].Hash.Span));
        var through = new LedgerHead(last, Convert.ToHexStringLower(before.ReadRecords([last])[0].Hash.Span));
        await before.DisposeAsync();
        _ledger.Prune(last);
        await using var store = _ledger.Files.Open();

        Assert.Null(store.VerifyChain(through, Cancellation));
        Assert.Equal(ChainFaultKind.AnchorMismatch, store.VerifyChain(through with { Hash = removed.Hash }, Cancellation)?.Kind);
        Assert.Equal(new ChainFault(ChainFaultKind.AnchorPruned, 12), store.VerifyChain(removed, Cancellation));
    }

    // 1 is the mapping and stays, 2 is the link before 3, which stays, 10 begins what is removed of the finished run.
    [Theory]
    [InlineData("UPDATE record SET content = zeroblob(0) WHERE sequence = 4; DELETE FROM issuance WHERE sequence = 4", ChainFaultKind.PruneMismatch)]
    [InlineData("UPDATE record SET content = zeroblob(0) WHERE sequence = 5; DELETE FROM revocation WHERE sequence = 5", ChainFaultKind.PruneMismatch)]
    [InlineData("DELETE FROM record WHERE sequence = 1; DELETE FROM document WHERE sequence = 1", ChainFaultKind.PruneMismatch)]
    [InlineData("UPDATE record SET hash = zeroblob(32) WHERE sequence = 2", ChainFaultKind.HashMismatch)]
    [InlineData("DELETE FROM record WHERE sequence = 2", ChainFaultKind.MissingRecord)]
    [InlineData("INSERT INTO record VALUES (10, 5, zeroblob(0), zeroblob(32))", ChainFaultKind.PruneMismatch)]
    [InlineData("UPDATE record SET content = zeroblob(0) WHERE sequence = $last + 1", ChainFaultKind.HashMismatch)]
    [InlineData("DELETE FROM record WHERE sequence = $last + 1", ChainFaultKind.MissingRecord)]
    [InlineData("DELETE FROM meta WHERE name = 'prune_sequence'", ChainFaultKind.HashMismatch)]
    [InlineData("UPDATE meta SET value = value - 1 WHERE name = 'prune_sequence'", ChainFaultKind.HashMismatch)]
    [InlineData("UPDATE record SET content = CAST(replace(CAST(content AS TEXT), '\"through_sequence\":', '\"through_sequence\":1') AS BLOB) WHERE kind = 11", ChainFaultKind.HashMismatch)]
    public async Task VerifyChain_MoreRemovedThanThePruningSays_IsSeen(string statement, ChainFaultKind kind)
    {
        var last = await _ledger.FillAsync();
        _ledger.Prune(last);
        _ledger.Files.Tamper(statement.Replace("$last", last.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));

        await using var store = _ledger.Files.OpenUnchecked();

        Assert.Equal(kind, store.VerifyChain(cancellation: Cancellation)?.Kind);
        Assert.False(_ledger.Check()[^1].Passed);
    }

    [Fact]
    public async Task VerifyChain_KeptRecordRewrittenWithItsHash_IsSeen()
    {
        var last = await _ledger.FillAsync();
        _ledger.Prune(last);
        using (var connection = _ledger.Files.OpenRaw())
        {
            // The one before what was removed: no later record is linked to it any more.
            using var tables = new LedgerTables(connection);
            var kept = tables.Records.Find(9) ?? throw new InvalidOperationException("not kept");
            using var hasher = new RecordHasher();
            var content = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(kept.Content.Span).Replace("rev lengthened", "rev LENGTHENED", StringComparison.Ordinal));
            var hash = hasher.Hash(kept.PreviousHash.Span, 9, kept.Kind, content);
            using var update = new Statement(connection, "UPDATE record SET content = $content, hash = $hash WHERE sequence = 9", "$content", "$hash");
            update.Run(content, hash);
        }

        await using var store = _ledger.Files.OpenUnchecked();

        Assert.Equal(ChainFaultKind.PruneMismatch, store.VerifyChain(cancellation: Cancellation)?.Kind);
    }

    [Fact]
    public async Task Open_MostRecordsPruned_ChecksTheTail()
    {
        var last = await _ledger.FillAsync(extraCount: 40);
        _ledger.Prune(last);

        await using (var store = _ledger.Files.Open())
        {
            Assert.Null(store.VerifyChain(cancellation: Cancellation));
        }

        _ledger.Files.Tamper($"UPDATE record SET hash = zeroblob(32) WHERE sequence = {last}");
        Assert.Equal(LedgerFault.Corrupt, Assert.Throws<LedgerException>(_ledger.Files.Open).Fault);
    }

    [Fact]
    public async Task Compact_AfterPruning_ShrinksTheFileAndKeepsItWhole()
    {
        var last = await _ledger.FillAsync(extraCount: 200);
        var before = new FileInfo(_ledger.Files.DatabasePath).Length;

        using (var pruner = LedgerPruner.Open(_ledger.Files.DirectoryPath, _ledger.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance))
        {
            pruner.Prune(new PruneRequest { Before = OldLedger.Before, PublishedThrough = last, Batches = [] }, Cancellation);
            pruner.Compact();
        }

        Assert.True(new FileInfo(_ledger.Files.DatabasePath).Length < before / 4);
        Assert.DoesNotContain("Bulk7-7", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_ledger.Files.DatabasePath, Cancellation)), StringComparison.Ordinal);
        _ledger.AssertHolds();
    }

    [Fact]
    public async Task ReadContents_AfterPruning_GivesEachOnceAndNonePruned()
    {
        var last = await _ledger.FillAsync(extraCount: 40);
        _ledger.Prune(last);
        using var reader = LedgerReader.Open(_ledger.Files.DirectoryPath);

        Assert.Single(reader.ReadContents(RecordKind.Prune));
        Assert.Equal(3, reader.ReadContents(RecordKind.Run).Count() + 1);
        Assert.Equal(2, reader.ReadContents(RecordKind.Document).Count());
    }

    private async Task<List<(long, string)>> MembersOfAsync(string run)
    {
        await using var store = _ledger.Files.Open();
        return [.. store.ReadRun(run).Select(static record => (record.Sequence, Convert.ToHexString(record.Hash.Span)))];
    }
}
