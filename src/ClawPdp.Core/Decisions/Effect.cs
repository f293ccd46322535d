namespace ClawPdp.Core.Decisions;

/// <summary>The answer to a question; whatever is not <see cref="Allow"/> is a denial, the default included.</summary>
public enum Effect
{
    /// <summary>No answer was made: a denial.</summary>
    Unspecified = 0,

    /// <summary>The action may be done.</summary>
    Allow = 1,

    /// <summary>The action must not be done.</summary>
    Deny = 2,
}
