namespace ClawPdp.Server.Doctor;

/// <summary>What came of a look at something.</summary>
internal enum FindingState
{
    /// <summary>It could not be looked at: as bad as a fault.</summary>
    Unspecified = 0,

    /// <summary>It is as it should be.</summary>
    Ok = 1,

    /// <summary>It works, and will not always.</summary>
    Warning = 2,

    /// <summary>It is wrong.</summary>
    Fault = 3,
}
