using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Chain;

/// <summary>Checks records against each other, in order.</summary>
internal sealed class ChainWalk : IDisposable
{
    private readonly LedgerTables _tables;
    private readonly LedgerHead? _anchor;
    private readonly RecordHasher _hasher = new();

    private ChainWalk(LedgerTables tables, LedgerHead? anchor)
    {
        _tables = tables;
        _anchor = anchor;
    }

    /// <summary>Checks every record, that each is found by its keys, and that a head kept outside is among them.</summary>
    public static ChainFault? WalkAll(LedgerTables tables, LedgerHead? anchor, CancellationToken cancellation)
    {
        using var walk = new ChainWalk(tables, anchor);
        return walk.Walk(ChainHead.Empty, cancellation);
    }

    /// <summary>Checks the newest records; the one before them is taken as it is.</summary>
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

    public void Dispose() => _hasher.Dispose();

    private ChainFault? Walk(ChainHead from, CancellationToken cancellation)
    {
        var head = from;
        using var rows = _tables.Records.From(from.Sequence + 1);
        while (rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (CheckLink(rows, head, out var next) is { } fault)
            {
                return fault;
            }

            head = next;
            if (_anchor is { } anchor && anchor.Sequence == head.Sequence && anchor != head.ToPublic())
            {
                return new ChainFault(ChainFaultKind.AnchorMismatch, head.Sequence);
            }
        }

        return _anchor?.Sequence > head.Sequence ? new ChainFault(ChainFaultKind.AnchorMismatch, head.Sequence + 1) : null;
    }

    private ChainFault? CheckLink(SqliteDataReader rows, ChainHead head, out ChainHead next)
    {
        var sequence = head.Sequence + 1;
        next = head;
        if (rows.GetInt64(0) != sequence)
        {
            return new ChainFault(ChainFaultKind.MissingRecord, sequence);
        }

        var kind = (RecordKind)rows.GetInt32(1);
        var content = rows.GetFieldValue<byte[]>(2);
        var hash = _hasher.Hash(head.Hash, sequence, kind, content);
        if (!hash.AsSpan().SequenceEqual(rows.GetFieldValue<byte[]>(3)))
        {
            return new ChainFault(ChainFaultKind.HashMismatch, sequence);
        }

        next = new ChainHead(sequence, hash);
        return CheckContent(sequence, kind, content);
    }

    private ChainFault? CheckContent(long sequence, RecordKind kind, byte[] content)
    {
        try
        {
            var isFound = kind switch
            {
                RecordKind.Receipt => _tables.Receipts.Holds(sequence, ReceiptContent.Read(content)),
                RecordKind.Issuance => _tables.Issuances.Holds(sequence, IssuanceContent.Read(content)),
                RecordKind.Revocation => _tables.Revocations.Holds(sequence, RevocationContent.Read(content)),
                RecordKind.Refusal => RefusalContent.Read(content) is not null,
                RecordKind.Decision => IsFound(sequence, DecisionContent.Read(content)),
                RecordKind.Document => _tables.Documents.Holds(sequence, DocumentContent.Read(content)),
                RecordKind.Run => _tables.Runs.Holds(RunContent.Read(content).RunId, sequence, kind),
                RecordKind.Event => _tables.Events.Holds(sequence, EventContent.Read(content)),
                RecordKind.Seal => _tables.Runs.Holds(SealContent.Read(content).RunId, sequence, kind),
                RecordKind.Activation => _tables.Activations.Holds(sequence, ActivationContent.Read(content)),
                _ => throw new LedgerException(LedgerFault.Corrupt, "the kind of a record is not known"),
            };
            return isFound ? null : new ChainFault(ChainFaultKind.IndexMismatch, sequence);
        }
        catch (LedgerException)
        {
            return new ChainFault(ChainFaultKind.Unreadable, sequence);
        }
    }

    // An approval whose use could be forgotten would count again.
    private bool IsFound(long sequence, DecisionRecord decision) =>
        _tables.Decisions.Holds(sequence, decision.DecisionId)
        && (decision.ApprovalHash is not { } approval || _tables.Approvals.Holds(sequence, approval));

    private ChainHead? ReadLink(long sequence)
    {
        using var rows = _tables.Records.From(sequence);
        return rows.Read() && rows.GetInt64(0) == sequence ? new ChainHead(sequence, rows.GetFieldValue<byte[]>(3)) : null;
    }
}
