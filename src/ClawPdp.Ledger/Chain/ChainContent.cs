using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Chain;

/// <summary>Tells whether records are found by the keys that their contents hold.</summary>
internal sealed class ChainContent
{
    private readonly LedgerTables _tables;

    public ChainContent(LedgerTables tables) => _tables = tables;

    /// <exception cref="LedgerException">The content is damaged, or the kind is not known.</exception>
    public bool IsFound(long sequence, RecordKind kind, byte[] content) => kind switch
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
        RecordKind.Prune => PruneContent.Read(content) is not null,
        RecordKind.Act => ActContent.Read(content) is not null,
        _ => throw new LedgerException(LedgerFault.Corrupt, "the kind of a record is not known"),
    };

    // An approval whose use could be forgotten would count again.
    private bool IsFound(long sequence, DecisionRecord decision) =>
        _tables.Decisions.Holds(sequence, decision.DecisionId)
        && (decision.ApprovalHash is not { } approval || _tables.Approvals.Holds(sequence, approval));
}
