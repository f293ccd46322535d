namespace ClawPdp.Authoring.Testing;

/// <summary>How far the cases reach a statement.</summary>
public enum StatementReach
{
    /// <summary>No case asks for an action that it speaks of, or none gets as far as the policy.</summary>
    Never = 0,

    /// <summary>A case asks for an action that it speaks of, and it never matches.</summary>
    Evaluated = 1,

    /// <summary>It matches in some case.</summary>
    Matched = 2,
}
