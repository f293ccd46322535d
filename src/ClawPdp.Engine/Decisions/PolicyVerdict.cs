using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ClawPdp.Engine.Approvals;

namespace ClawPdp.Engine.Decisions;

/// <summary>Rows 7 and 8: what the policy says, and what came of asking for an approval.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PolicyVerdict
{
    public PolicyVerdict()
    {
    }

    /// <summary>Gets what is refused; <see langword="null"/> when the policy allows the action.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Gets the ids of the statements that decided.</summary>
    public ImmutableArray<string> StatementIds { get; init; } = [];

    /// <summary>Gets the approval that the allow rests on, and that counts once; <see langword="null"/> for none.</summary>
    public VerifiedApproval? Approval { get; init; }

    /// <summary>Gets what a human would have to approve; <see langword="null"/> when no approval would help, or none is needed.</summary>
    public ApprovalRequirement? Requirement { get; init; }
}
