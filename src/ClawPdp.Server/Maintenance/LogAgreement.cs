using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Transparency;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Maintenance;

/// <summary>
/// Compares the log with the ledger, entry by entry. The log must have been looked at before the ledger was opened: it is never ahead.
/// </summary>
internal sealed class LogAgreement
{
    private const int UnpublishedCountMax = 1_000;

    private readonly LedgerSnapshot _ledger;
    private readonly LogFolder _log;

    public LogAgreement(LedgerSnapshot ledger, string logDirectory)
    {
        _ledger = ledger;
        _log = new LogFolder(logDirectory);
    }

    /// <summary>Checks that the ledger and the log know of the same head.</summary>
    /// <param name="checkpoint">The log's checkpoint; <see langword="null"/> when there is none.</param>
    public LedgerCheckStep CheckHead(Checkpoint? checkpoint) => Step("log_head", () =>
    {
        var head = LedgerSignedHeads.Read(_ledger.GetMeta(LedgerSignedHeads.Name));
        if (head is null)
        {
            return checkpoint is not null
                ? (false, "there is a checkpoint, and the ledger knows of none: the ledger was set back")
                : IsYoung() ? (true, "nothing was published yet") : (false, "there is no log, though the ledger has more than a log may be behind: it was taken away, or could not be written since the beginning");
        }

        if (checkpoint?.Size > head.Size || head.LastSequence > _ledger.Head.Sequence)
        {
            return (false, Say($"the log is ahead: {checkpoint?.Size} entries are signed, the ledger knows of {head.Size} up to record {head.LastSequence} and has {_ledger.Head.Sequence}: the ledger was set back"));
        }

        if (checkpoint is not null && !string.Equals(checkpoint.Origin, _ledger.GetMeta(LogOpening.OriginName), StringComparison.Ordinal))
        {
            return (false, "the checkpoint is signed under another name than the ledger has for the log");
        }

        var isSame = string.Equals(_log.RootOf(head.Size), head.RootHash, StringComparison.Ordinal)
            && (checkpoint?.Size != head.Size || string.Equals(Base64UrlText.Encode(checkpoint.Root.Span), head.RootHash, StringComparison.Ordinal));
        return isSame
            ? (true, Say($"the ledger knows of {head.Size} entries up to record {head.LastSequence}, and the tiles lead to the root it knows"))
            : (false, "the tiles do not lead to the root that the ledger knows");
    });

    // A sidecar publishes every second: this many records stand without a log for a moment at most.
    private bool IsYoung() => _ledger.Head.Sequence < UnpublishedCountMax;

    /// <summary>Checks every entry against the records that it is about.</summary>
    public LedgerCheckStep CheckRecords(CancellationToken cancellation) => Step("log_records", () =>
    {
        var head = LedgerSignedHeads.Read(_ledger.GetMeta(LedgerSignedHeads.Name));
        var last = 0L;
        using var records = _ledger.Read(1, head?.LastSequence ?? 0).GetEnumerator();
        var hasRecord = records.MoveNext();
        foreach (var entry in _log.ReadEntries(head?.Size ?? 0))
        {
            cancellation.ThrowIfCancellationRequested();
            var covered = new List<LedgerRecord>();
            for (; hasRecord && records.Current.Sequence <= entry.LastSequence; hasRecord = records.MoveNext())
            {
                covered.Add(records.Current);
            }

            if (!IsAbout(entry, covered))
            {
                return (false, Say($"the entry about record {entry.FirstSequence} does not agree with the ledger"));
            }

            last = entry.LastSequence;
        }

        return last == (head?.LastSequence ?? 0)
            ? (true, Say($"the entries agree with the records 1 to {last}; {_ledger.Head.Sequence - last} are not published yet"))
            : (false, Say($"the entries end at record {last}, and the ledger knows of {head?.LastSequence}"));
    });

    private static LedgerCheckStep Step(string name, Func<(bool Passed, string Detail)> check)
    {
        try
        {
            var (passed, detail) = check();
            return new LedgerCheckStep(name, passed, detail);
        }
        catch (Exception failure) when (failure is LogDamagedException or LedgerException)
        {
            return new LedgerCheckStep(name, Passed: false, failure.Message);
        }
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // What was pruned has left its hash or nothing; a batch of which one decision is left needs all of its hashes.
    private bool IsAbout(LogEntry entry, List<LedgerRecord> records)
    {
        var count = entry.LastSequence - entry.FirstSequence + 1;
        var isPruned = entry.FirstSequence <= (_ledger.LastPrune?.ThroughSequence ?? 0);
        if (records.Count != count)
        {
            return isPruned && records.TrueForAll(static record => record.IsPruned);
        }

        if (records.TrueForAll(static record => !record.IsPruned))
        {
            return LogEntries.Make(records) is [var made] && made == entry;
        }

        return entry.IsBatch
            ? records.TrueForAll(static record => record.Kind == RecordKind.Decision)
                && string.Equals(entry.Hash, Base64UrlText.Encode(MerkleTree.RootOf(records.Select(static record => record.Hash))), StringComparison.Ordinal)
            : string.Equals(entry.Kind, LogEntries.NameOf(records[0].Kind), StringComparison.Ordinal)
                && string.Equals(entry.Hash, Base64UrlText.Encode(records[0].Hash.Span), StringComparison.Ordinal);
    }
}
