using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Crypto.Verification;
using ClawPdp.TransparencyLog.Storage;

namespace ClawPdp.TransparencyLog;

/// <summary>
/// Proves a whole log from its files alone: nothing was changed, left out, reordered or cut off since the checkpoint was signed; and, with
/// an older checkpoint, that the log was not set back or written anew.
/// </summary>
public sealed class LogCheck
{
    private readonly LogFiles _files;
    private readonly ImmutableArray<string> _trustedDids;
    private readonly ImmutableArray<LogCheckStep>.Builder _steps = ImmutableArray.CreateBuilder<LogCheckStep>();
    private Checkpoint? _checkpoint;
    private string _signerDid = "";

    private LogCheck(string directory, ImmutableArray<string> trustedDids)
    {
        _files = new LogFiles(directory);
        _trustedDids = trustedDids;
    }

    /// <summary>Checks a log.</summary>
    /// <param name="directory">The log's folder.</param>
    /// <param name="trustedDids">The did:keys of the log, present and past.</param>
    /// <param name="olderNote">A checkpoint that was kept elsewhere; <see langword="null"/> for none.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LogCheckResult Run(string directory, ImmutableArray<string> trustedDids, string? olderNote)
    {
        var check = new LogCheck(directory, trustedDids);
        _ = check.Step("checkpoint", check.CheckCheckpoint)
            && check.Step("tiles", check.CheckTiles)
            && check.Step("entries", check.CheckEntries)
            && check.Step("root", check.CheckRoot)
            && check.Step("receipts", check.CheckReceipts)
            && (olderNote is null || check.Step("older_checkpoint", () => check.CheckOlder(olderNote)));
        return new LogCheckResult(check._steps.ToImmutable(), check._checkpoint, check._signerDid);
    }

    private bool Step(string name, Func<string> check)
    {
        try
        {
            _steps.Add(new LogCheckStep(name, Passed: true, check()));
            return true;
        }
        catch (LogDamagedException damage)
        {
            _steps.Add(new LogCheckStep(name, Passed: false, damage.Message));
            return false;
        }
    }

    private string CheckCheckpoint()
    {
        var note = _files.ReadCheckpoint() ?? throw new LogDamagedException("there is no file `checkpoint`");
        _checkpoint = CheckpointVerifier.Verify(note, _trustedDids, out var signer)
            ?? throw new LogDamagedException("the checkpoint is not signed by a trusted key under the log's name");
        _signerDid = signer ?? "";
        return Say($"{_checkpoint.Size} entries, signed for `{_checkpoint.Origin}`");
    }

    // A hash of an upper tile is the root of the full tile below it.
    private string CheckTiles()
    {
        var size = Size;
        var count = 0L;
        foreach (var level in TileLayout.LevelsOf(size))
        {
            foreach (var tile in TileLayout.TilesAt(level, size))
            {
                var hashes = _files.ReadHashes(tile) ?? throw new LogDamagedException($"the file `{TileLayout.PathOf(tile)}` is missing or has another length");
                count++;
                for (var place = 0; level > 0 && place < hashes.Length; place++)
                {
                    CheckParent(tile, place, hashes[place]);
                }
            }
        }

        return Say($"{count} tiles hang together");
    }

    private void CheckParent(TileAddress tile, int place, byte[] hash)
    {
        var below = new TileAddress(tile.Level - 1, (tile.Index * TileLayout.Width) + place, TileLayout.Width);
        var hashes = _files.ReadHashes(below) ?? throw new LogDamagedException($"the file `{TileLayout.PathOf(below)}` is missing or has another length");
        if (!MerkleTree.RootOfHashes(hashes).AsSpan().SequenceEqual(hash))
        {
            throw new LogDamagedException($"the file `{TileLayout.PathOf(tile)}` does not hold the hash of `{TileLayout.PathOf(below)}`");
        }
    }

    private string CheckEntries()
    {
        var last = 0L;
        foreach (var (entry, _) in Entries())
        {
            last = entry.LastSequence;
        }

        return Say($"the entries cover the records 1 to {last} without a gap");
    }

    private string CheckRoot()
    {
        var root = Base64UrlText.Encode(MerkleProofs.RootOf(Size, new TileNodes(_files, Size).Read));
        return string.Equals(root, Base64UrlText.Encode(Trusted.Root.Span), StringComparison.Ordinal)
            ? "the tiles lead to the root that was signed"
            : throw new LogDamagedException("the tiles do not lead to the root that was signed");
    }

    private string CheckReceipts()
    {
        var hashes = Entries().Where(static item => item.Entry.Kind is "receipt").Select(static item => item.Entry.PayloadHash).ToList();
        var leaves = _files.ReadReceipts(hashes.Count) ?? throw new LogDamagedException("the leaves of the receipt log are cut off");
        for (var index = 0; index < hashes.Count; index++)
        {
            if (!string.Equals(hashes[index], Base64UrlText.Encode(leaves[index]), StringComparison.Ordinal))
            {
                throw new LogDamagedException(Say($"leaf {index} of the receipt log is not the receipt that the log holds"));
            }
        }

        return Say($"{hashes.Count} receipts");
    }

    private string CheckOlder(string olderNote)
    {
        var older = CheckpointVerifier.Verify(olderNote, _trustedDids, out _)
            ?? throw new LogDamagedException("the older checkpoint is not signed by a trusted key under the log's name");
        if (!string.Equals(older.Origin, Trusted.Origin, StringComparison.Ordinal))
        {
            throw new LogDamagedException("the older checkpoint is that of another log");
        }

        if (older.Size > Size)
        {
            throw new LogDamagedException(Say($"rollback: {older.Size} entries were signed before, now there are {Size}"));
        }

        var root = MerkleProofs.RootOf(older.Size, new TileNodes(_files, Size).Read);
        return older.Root.Span.SequenceEqual(root)
            ? Say($"the log begins with the {older.Size} entries that were signed before")
            : throw new LogDamagedException(Say($"fork: the first {older.Size} entries are not the ones that were signed before"));
    }

    private IEnumerable<(LogEntry Entry, long Index)> Entries() => EntryWalk.Read(_files, Size);

    private long Size => Trusted.Size;

    private Checkpoint Trusted => _checkpoint ?? throw new LogDamagedException("no checkpoint can be trusted");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
