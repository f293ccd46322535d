using System.Runtime.InteropServices;

namespace ClawPdp.Core.Policies;

/// <summary>A judgement of a chain. The default allows nothing.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct PolicyOutcome : IEquatable<PolicyOutcome>
{
    private readonly StatementSets _statements;

    internal PolicyOutcome(PolicyFailure failure, PolicyAction action, int link, StatementSets statements)
    {
        Failure = failure;
        Action = action;
        Link = link;
        _statements = statements;
    }

    /// <summary>Gets what is not allowed, or <see cref="PolicyFailure.None"/>.</summary>
    public PolicyFailure Failure { get; }

    /// <summary>Gets the dimension that is not allowed.</summary>
    public PolicyAction Action { get; }

    /// <summary>Gets the place in the chain of the policy that does not allow it.</summary>
    public int Link { get; }

    /// <summary>Gets a value indicating whether every dimension asked is allowed by every policy of the chain.</summary>
    public bool IsAllowed => Failure == PolicyFailure.None;

    /// <summary>Compares two judgements.</summary>
    public static bool operator ==(PolicyOutcome left, PolicyOutcome right) => left.Equals(right);

    /// <summary>Compares two judgements.</summary>
    public static bool operator !=(PolicyOutcome left, PolicyOutcome right) => !left.Equals(right);

    /// <summary>Gives the statements of one policy of the chain that decided: bit n is the statement at place n.</summary>
    public ulong StatementsOf(int link) => _statements[link];

    /// <inheritdoc/>
    public bool Equals(PolicyOutcome other) =>
        Failure == other.Failure
        && Action == other.Action
        && Link == other.Link
        && ((ReadOnlySpan<ulong>)_statements).SequenceEqual(other._statements);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PolicyOutcome other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Failure, Action, Link, _statements[0], _statements[1], _statements[Link]);
}
