namespace ClawPdp.Client;

/// <summary>What can be done about a denial.</summary>
public enum DenialClass
{
    /// <summary>It is no denial.</summary>
    None = 0,

    /// <summary>Nothing: the same question gets the same answer.</summary>
    Structural = 1,

    /// <summary>A human or the operator can grant it.</summary>
    Requestable = 2,

    /// <summary>A new token may be granted it.</summary>
    Reissue = 3,

    /// <summary>The same question may be answered later.</summary>
    Transient = 4,
}
