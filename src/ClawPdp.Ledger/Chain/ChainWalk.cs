using ClawPdp.Core.Encoding;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Chain;

/// <summary>
/// Checks records against each other, in order. Records may be missing or emptied only up to the point that the last pruning's record
/// states, and what is left there only as that record says.
/// </summary>
internal sealed class ChainWalk : IDisposable
{
    private readonly LedgerTables _tables;
    private readonly LedgerHead? _anchor;
    private readonly ChainContent _contents;
    private readonly RecordHasher _hasher = new();
    private readonly KeptHasher _kept = new();
    private readonly StoredPrune? _prune;
    private readonly long _through;
    private bool _isWhole;
    private bool _isAnchorSeen;
    private string _throughHash = "";

    private ChainWalk(LedgerTables tables, LedgerHead? anchor)
    {
        _tables = tables;
        _anchor = anchor;
        _contents = new ChainContent(tables);
        _prune = tables.Records.LastPrune();
        _through = _prune is { } prune && prune.Record.ThroughSequence < prune.Sequence ? prune.Record.ThroughSequence : 0;
    }

    /// <summary>Checks every record, that each is found by its keys, and that a head kept outside is among them.</summary>
    /// <exception cref="LedgerException">The record of the last pruning cannot be read.</exception>
    public static ChainFault? WalkAll(LedgerTables tables, LedgerHead? anchor, CancellationToken cancellation)
    {
        using var walk = new ChainWalk(tables, anchor) { _isWhole = true };
        return walk.Walk(ChainHead.Empty, cancellation);
    }

    /// <summary>Checks the newest records; the one before them is taken as it is.</summary>
    /// <exception cref="LedgerException">The record of the last pruning cannot be read.</exception>
    public static ChainFault? WalkTail(LedgerTables tables, int count)
    {
        var before = tables.Records.ReadHead().Sequence - count;
        if (before <= 0)
        {
            return WalkAll(tables, anchor: null, CancellationToken.None);
        }

        using var walk = new ChainWalk(tables, anchor: null);
        return walk.ReadLink(before) is { } link
            ? walk.Walk(link, CancellationToken.None)
            : new ChainFault(ChainFaultKind.MissingRecord, before);
    }

    public void Dispose()
    {
        _hasher.Dispose();
        _kept.Dispose();
    }

    private ChainFault? Walk(ChainHead from, CancellationToken cancellation)
    {
        var head = from;
        using var rows = _tables.Records.From(from.Sequence + 1);
        while (rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (CheckRow(rows, head, out var next) is { } fault)
            {
                return fault;
            }

            head = next;
            if (_anchor is { } anchor && anchor.Sequence == head.Sequence)
            {
                _isAnchorSeen = true;
                if (anchor != head.ToPublic())
                {
                    return new ChainFault(ChainFaultKind.AnchorMismatch, head.Sequence);
                }
            }
        }

        return CheckEnd(head);
    }

    private ChainFault? CheckEnd(ChainHead head)
    {
        if (_anchor is not { Sequence: > 0 } anchor || _isAnchorSeen)
        {
            return null;
        }

        return anchor.Sequence > head.Sequence
            ? new ChainFault(ChainFaultKind.AnchorMismatch, head.Sequence + 1)
            : new ChainFault(ChainFaultKind.AnchorPruned, anchor.Sequence);
    }

    private ChainFault? CheckRow(StatementRows rows, ChainHead head, out ChainHead next)
    {
        next = head;
        var sequence = rows.GetInt64(0);
        var kind = (RecordKind)rows.GetInt32(1);
        var content = rows.GetBytes(2);
        var stored = rows.GetBytes(3);
        var isPruned = content.Length == 0 && sequence <= _through;
        if (sequence != head.Sequence + 1 && !isPruned)
        {
            return new ChainFault(ChainFaultKind.MissingRecord, head.Sequence + 1);
        }

        if (!isPruned && !_hasher.Hash(head.Hash, sequence, kind, content).AsSpan().SequenceEqual(stored))
        {
            return new ChainFault(ChainFaultKind.HashMismatch, sequence);
        }

        next = new ChainHead(sequence, stored);
        Keep(sequence, kind, !isPruned, stored);
        return isPruned ? null : CheckContent(sequence, kind, content);
    }

    private void Keep(long sequence, RecordKind kind, bool isWhole, byte[] hash)
    {
        if (sequence <= _through)
        {
            _kept.Add(sequence, kind, isWhole, hash);
            _throughHash = sequence == _through ? Base64UrlText.Encode(hash) : "";
        }
    }

    private ChainFault? CheckContent(long sequence, RecordKind kind, byte[] content)
    {
        try
        {
            if (kind == RecordKind.Prune && !IsTrue(sequence, PruneContent.Read(content)))
            {
                return new ChainFault(ChainFaultKind.PruneMismatch, sequence);
            }

            return _contents.IsFound(sequence, kind, content) ? null : new ChainFault(ChainFaultKind.IndexMismatch, sequence);
        }
        catch (LedgerException)
        {
            return new ChainFault(ChainFaultKind.Unreadable, sequence);
        }
    }

    // An earlier pruning's record tells of what a later one has changed since; a later one than the last known means that that is forgotten.
    private bool IsTrue(long sequence, PruneRecord record)
    {
        if (_prune is null || sequence > _prune.Sequence || record.ThroughSequence >= sequence)
        {
            return false;
        }

        return sequence < _prune.Sequence || !_isWhole || IsKept(record);
    }

    private bool IsKept(PruneRecord record) =>
        string.Equals(record.ThroughHash, _throughHash, StringComparison.Ordinal)
        && string.Equals(record.KeptHash, Base64UrlText.Encode(_kept.Finish()), StringComparison.Ordinal);

    // What was pruned ends with an emptied record, whose hash is the link.
    private ChainHead? ReadLink(long sequence)
    {
        using var rows = _tables.Records.From(sequence);
        if (!rows.Read())
        {
            return null;
        }

        var found = rows.GetInt64(0);
        var isLink = found == sequence || (found <= _through && rows.GetBytes(2).Length == 0);
        return isLink ? new ChainHead(found, rows.GetBytes(3)) : null;
    }
}
