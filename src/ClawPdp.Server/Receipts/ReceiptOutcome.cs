using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Approvals;
using ClawPdp.Engine.Decisions;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Receipts;

/// <summary>Either a receipt that is on disk or the reason for none.</summary>
internal sealed record ReceiptOutcome
{
    /// <summary>Gets the receipt; <see langword="null"/> when it was refused.</summary>
    public StoredReceipt? Receipt { get; init; }

    /// <summary>Gets a value indicating whether the receipt was signed for an earlier request with the same nonce.</summary>
    public bool IsReplayed { get; init; }

    public ReasonCode Reason { get; init; }

    public string Message { get; init; } = "";

    public string Field { get; init; } = "";

    public Dimension Dimension { get; init; }

    public ImmutableArray<string> StatementIds { get; init; } = [];

    /// <summary>Gets what a human would have to approve; <see langword="null"/> when that would not help.</summary>
    public ApprovalRequirement? Requirement { get; init; }

    public required long Epoch { get; init; }
}
