using ClawPdp.Core.Log;
using ClawPdp.Crypto;

namespace ClawPdp.TransparencyLog.Tests;

public sealed class LogCheckTests : IDisposable
{
    private readonly TemporaryLog _log = new();

    public LogCheckTests() => _log.Open().Publish(TemporaryLog.Entries(1, 300));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Run_OneBitOfAnyByteChanged_FindsIt()
    {
        foreach (var file in _log.Files().ToList())
        {
            var bytes = File.ReadAllBytes(file);
            // Every byte of the small files, every 97th of the large ones: prime, so that every place in a hash and an entry comes up.
            for (var place = 0; place < bytes.Length; place += bytes.Length > 2_000 ? 97 : 1)
            {
                bytes[place] ^= 1;
                File.WriteAllBytes(file, bytes);
                Assert.False(_log.Check().Holds, $"{file} {place}");
                bytes[place] ^= 1;
            }

            File.WriteAllBytes(file, bytes);
        }

        Assert.True(_log.Check().Holds);
    }

    [Fact]
    public void Run_AnyFileMissingOrCutOff_FindsIt()
    {
        foreach (var file in _log.Files().ToList())
        {
            var bytes = File.ReadAllBytes(file);
            File.WriteAllBytes(file, bytes[..^1]);
            Assert.False(_log.Check().Holds, file);
            File.Delete(file);
            Assert.False(_log.Check().Holds, file);
            File.WriteAllBytes(file, bytes);
        }
    }

    [Fact]
    public void Run_EntriesReordered_NamesTheFirst()
    {
        var path = Path.Combine(_log.Path, "tile/entries/001.p/44");
        var entries = EntryBundle.Read(File.ReadAllBytes(path)) ?? [];
        File.WriteAllBytes(path, EntryBundle.Write(entries.SetItem(3, entries[4]).SetItem(4, entries[3])));

        var check = _log.Check();

        Assert.Equal(("entries", "entry 259 is not the one that the tree holds"), (check.Steps[^1].Name, check.Steps[^1].Detail));
    }

    [Fact]
    public void Run_NobodyOrAnotherIsTrusted_DoesNotHold()
    {
        using var other = Ed25519SigningKey.Generate();

        Assert.False(LogCheck.Run(_log.Path, [], olderNote: null).Holds);
        Assert.False(LogCheck.Run(_log.Path, [other.PublicKey.Did], olderNote: null).Holds);
        Assert.True(LogCheck.Run(_log.Path, [other.PublicKey.Did, _log.Key.PublicKey.Did], olderNote: null).Holds);
    }

    [Fact]
    public void Run_OlderCheckpoint_FindsRollbackAndFork()
    {
        var older = File.ReadAllText(Path.Combine(_log.Path, "checkpoint"));
        var store = _log.Open();
        store.Publish(TemporaryLog.Entries(store.Health.LastSequence + 1, 10));
        var newer = File.ReadAllText(Path.Combine(_log.Path, "checkpoint"));
        using var fork = new TemporaryLog { Key = _log.Key };
        fork.Open().Publish(TemporaryLog.Entries(1, 301));
        using var stranger = new TemporaryLog();
        stranger.Open().Publish(TemporaryLog.Entries(1, 3));
        var foreign = File.ReadAllText(Path.Combine(stranger.Path, "checkpoint"));

        Assert.True(_log.Check(older).Holds);
        Assert.True(_log.Check(newer).Holds);
        Assert.False(_log.Check(foreign).Holds);
        Assert.StartsWith("rollback", fork.Check(newer).Steps[^1].Detail, StringComparison.Ordinal);
        Assert.True(fork.Check(older).Holds);
        Assert.StartsWith("fork", Rewritten(older).Steps[^1].Detail, StringComparison.Ordinal);
    }

    // The same key signs another history.
    private LogCheckResult Rewritten(string older)
    {
        using var fork = new TemporaryLog { Key = _log.Key };
        var entries = TemporaryLog.Entries(1, 400);
        entries[7] = entries[7] with { Hash = entries[8].Hash };
        fork.Open().Publish(entries);
        return fork.Check(older);
    }
}
