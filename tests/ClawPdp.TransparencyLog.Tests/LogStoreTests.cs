using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Crypto;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.TransparencyLog.Tests;

public sealed class LogStoreTests : IDisposable
{
    private readonly TemporaryLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Publish_AnySizes_GivesALogThatItsFilesProve()
    {
        var store = _log.Open();
        var all = new List<LogEntry>();
        foreach (var count in (int[])[1, 1, 2, 5, 247, 1, 255, 300, 1000])
        {
            var entries = TemporaryLog.Entries(all.LastOrDefault()?.LastSequence + 1 ?? 1, count);
            store.Publish(entries);
            all.AddRange(entries);
        }

        var check = _log.Check();
        var snapshot = store.Snapshot() ?? throw new InvalidOperationException("nothing is published");

        Assert.True(check.Holds, check.Steps[^1].Detail);
        Assert.Equal(MerkleTree.RootOf(all.Select(static entry => (ReadOnlyMemory<byte>)entry.ToBytes())), check.Checkpoint?.Root.ToArray());
        Assert.Equal(all, Enumerable.Range(0, all.Count).Select(index => snapshot.EntryAt(index)));
        foreach (var index in (int[])[0, 1, 255, 256, 511, 1000, all.Count - 1])
        {
            Assert.True(MerkleProofs.VerifyInclusion(
                MerkleTree.LeafHash(snapshot.ReadEntry(index).Span), index, all.Count, snapshot.ProveInclusion(index), RootOf(check.Checkpoint)));
            Assert.Equal(index, snapshot.FindEntryOf(all[index].FirstSequence));
            Assert.Equal(index, snapshot.FindEntryOf(all[index].LastSequence));
        }

        Assert.Equal(-1, snapshot.FindEntryOf(all[^1].LastSequence + 1));
        Assert.Equal(-1, snapshot.FindEntryOf(0));
    }

    [Fact]
    public void Publish_Reopened_GoesOnAndBeginsWithWhatWasSigned()
    {
        _log.Open().Publish(TemporaryLog.Entries(1, 300));
        var before = CheckpointVerifier.Verify(File.ReadAllText(Path.Combine(_log.Path, "checkpoint")), [_log.Key.PublicKey.Did], out _);
        var reopened = _log.Open();
        reopened.Publish(TemporaryLog.Entries(reopened.Health.LastSequence + 1, 300));
        var snapshot = reopened.Snapshot() ?? throw new InvalidOperationException("nothing is published");

        Assert.Equal((LogState.Healthy, 600L), (reopened.Health.State, reopened.Health.Size));
        Assert.True(MerkleProofs.VerifyConsistency(
            300, RootOf(before), 600, Convert.FromBase64String(snapshot.Checkpoint.Split('\n')[2]), snapshot.ProveConsistency(300)));
        Assert.True(_log.Check().Holds);
    }

    [Fact]
    public void Snapshot_WhileMoreIsPublished_StaysTheSame()
    {
        var store = _log.Open();
        store.Publish(TemporaryLog.Entries(1, 200));
        var snapshot = store.Snapshot() ?? throw new InvalidOperationException("nothing is published");
        var root = Convert.FromBase64String(snapshot.Checkpoint.Split('\n')[2]);

        store.Publish(TemporaryLog.Entries(store.Health.LastSequence + 1, 200));

        Assert.Equal(200, snapshot.Head.Size);
        Assert.True(MerkleProofs.VerifyInclusion(MerkleTree.LeafHash(snapshot.ReadEntry(199).Span), 199, 200, snapshot.ProveInclusion(199), root));
    }

    [Fact]
    public void ProveReceipts_EveryReceipt_HoldsForThePublicVerifier()
    {
        var store = _log.Open();
        var entries = TemporaryLog.Entries(1, 50);
        store.Publish(entries);
        string[] receipts = [.. entries.Where(static entry => entry.Kind is "receipt").Select(static entry => entry.PayloadHash ?? "")];

        var proofs = store.Snapshot()?.ProveReceipts(receipts) ?? [];

        Assert.Equal(receipts, proofs.Select(static proof => proof.LeafHash));
        Assert.All(proofs, proof => Assert.Null(ReceiptInclusionVerifier.FindFault(proof.ToJson(), [_log.Key.PublicKey.Did])));
        Assert.Throws<LogDamagedException>(() => store.Snapshot()?.ProveReceipts([Sha256.B64u([1])]));
    }

    [Fact]
    public void Publish_EntriesThatLeaveARecordOut_AreRefused()
    {
        var store = _log.Open();
        store.Publish(TemporaryLog.Entries(1, 3));

        Assert.Throws<ArgumentException>(() => store.Publish(TemporaryLog.Entries(5, 1)));
        Assert.Throws<ArgumentException>(() => store.Publish(TemporaryLog.Entries(3, 1)));
        Assert.Equal(3, store.Health.Size);
    }

    [Fact]
    public void Publish_HeadCannotBeKept_SignsNothingAndGoesOnLater()
    {
        var store = _log.Open();
        store.Publish(TemporaryLog.Entries(1, 3));
        var note = File.ReadAllText(Path.Combine(_log.Path, "checkpoint"));
        _log.IsRefusing = true;

        Assert.Throws<IOException>(() => store.Publish(TemporaryLog.Entries(4, 300)));
        Assert.Equal((LogState.Failing, 3L), (store.Health.State, store.Health.Size));
        Assert.Equal(note, File.ReadAllText(Path.Combine(_log.Path, "checkpoint")));

        _log.IsRefusing = false;
        store.Publish(TemporaryLog.Entries(4, 2));
        Assert.Equal((LogState.Healthy, 5L), (store.Health.State, store.Health.Size));
        Assert.True(_log.Check().Holds);
    }

    [Fact]
    public void Open_StoppedBeforeTheCheckpointWasWritten_SignsTheSameHeadAgain()
    {
        var store = _log.Open();
        store.Publish(TemporaryLog.Entries(1, 3));
        var before = File.ReadAllText(Path.Combine(_log.Path, "checkpoint"));
        store.Publish(TemporaryLog.Entries(4, 3));
        var after = File.ReadAllText(Path.Combine(_log.Path, "checkpoint"));
        File.WriteAllText(Path.Combine(_log.Path, "checkpoint"), before);

        var reopened = _log.Open();

        Assert.Equal((LogState.Healthy, 6L), (reopened.Health.State, reopened.Health.Size));
        Assert.Equal(after, File.ReadAllText(Path.Combine(_log.Path, "checkpoint")));
    }

    [Theory]
    [InlineData("ledger set back")]
    [InlineData("ledger knows nothing")]
    [InlineData("other root kept")]
    [InlineData("tile changed")]
    [InlineData("entry changed")]
    [InlineData("tile gone")]
    [InlineData("receipts cut off")]
    [InlineData("checkpoint of another key")]
    public void Open_WhatIsThereDoesNotAgree_SignsNothingAnyMore(string fault)
    {
        var store = _log.Open();
        store.Publish(TemporaryLog.Entries(1, 3));
        var earlier = _log.Head;
        store.Publish(TemporaryLog.Entries(4, 300));
        Spoil(fault, earlier);
        var note = File.ReadAllText(Path.Combine(_log.Path, "checkpoint"));

        var reopened = _log.Open();

        Assert.Equal(LogState.Damaged, reopened.Health.State);
        Assert.NotEmpty(reopened.Health.Message);
        Assert.Null(reopened.Snapshot());
        Assert.Throws<LogDamagedException>(() => reopened.Publish(TemporaryLog.Entries(4, 1)));
        Assert.Equal(note, File.ReadAllText(Path.Combine(_log.Path, "checkpoint")));
    }

    [Fact]
    public void Publish_KeyChanged_StaysOneLogForThoseWhoTrustBoth()
    {
        _log.Open().Publish(TemporaryLog.Entries(1, 3));
        using var old = _log.Key;
        _log.Key = new PurposeKey(KeyPurpose.Log, Ed25519SigningKey.Generate());
        var store = TransparencyLogStore.Open(
            new LogSettings { DirectoryPath = _log.Path, Origin = TemporaryLog.Origin, Signer = () => _log.Key, AcceptedDids = () => [_log.Key.PublicKey.Did, old.PublicKey.Did] },
            _log,
            TimeProvider.System);
        store.Publish(TemporaryLog.Entries(4, 1));

        Assert.Equal(LogState.Healthy, store.Health.State);
        Assert.True(_log.Check().Holds);
    }

    private static byte[] RootOf(Checkpoint? checkpoint) => checkpoint?.Root.ToArray() ?? [];

    private void Spoil(string fault, SignedHead? earlier)
    {
        switch (fault)
        {
            case "ledger set back":
                _log.Head = earlier;
                break;
            case "ledger knows nothing":
                _log.Head = null;
                break;
            case "other root kept":
                _log.Head = (_log.Head ?? throw new InvalidOperationException("none")) with { RootHash = Sha256.B64u([1]) };
                break;
            case "tile changed":
                Flip("tile/0/001.p/47", 5);
                break;
            case "entry changed":
                Flip("tile/entries/000", 100);
                break;
            case "tile gone":
                File.Delete(Path.Combine(_log.Path, "tile/0/001.p/47"));
                break;
            case "receipts cut off":
                File.WriteAllBytes(Path.Combine(_log.Path, "receipts"), new byte[32]);
                break;
            default:
                using (var other = new PurposeKey(KeyPurpose.Log, Ed25519SigningKey.Generate()))
                {
                    var root = Convert.FromBase64String(File.ReadAllLines(Path.Combine(_log.Path, "checkpoint"))[2]);
                    File.WriteAllText(Path.Combine(_log.Path, "checkpoint"), other.SignCheckpoint(new Checkpoint(TemporaryLog.Origin, 303, root)));
                }

                break;
        }
    }

    private void Flip(string file, int place)
    {
        var path = Path.Combine(_log.Path, file);
        var bytes = File.ReadAllBytes(path);
        bytes[place] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
