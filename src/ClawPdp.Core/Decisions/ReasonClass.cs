namespace ClawPdp.Core.Decisions;

/// <summary>What the asker can do about a denial or refusal.</summary>
public enum ReasonClass
{
    /// <summary>No class was given: treat it as <see cref="Structural"/>.</summary>
    Unspecified = 0,

    /// <summary>Nothing: the same question gets the same answer. Do not retry.</summary>
    Structural = 1,

    /// <summary>A human or the operator can grant it.</summary>
    Requestable = 2,

    /// <summary>A new token may be granted it.</summary>
    Reissue = 3,

    /// <summary>The same question may be answered later.</summary>
    Transient = 4,
}
