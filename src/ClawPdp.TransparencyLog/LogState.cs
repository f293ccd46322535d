namespace ClawPdp.TransparencyLog;

/// <summary>How a log is.</summary>
public enum LogState
{
    /// <summary>Not known: take it as damaged.</summary>
    Unspecified = 0,

    /// <summary>What was published stands, and more can be.</summary>
    Healthy = 1,

    /// <summary>The last attempt to publish failed; the next one goes on from what stands.</summary>
    Failing = 2,

    /// <summary>The files do not agree with what was signed: nothing is published any more.</summary>
    Damaged = 3,
}
