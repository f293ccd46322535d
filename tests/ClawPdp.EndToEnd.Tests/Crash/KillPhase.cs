namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>What the process does when it is killed.</summary>
internal enum KillPhase
{
    /// <summary>It starts: it opens and checks its files and does not serve yet.</summary>
    Start,

    /// <summary>It serves a full load.</summary>
    Load,

    /// <summary>It has just acknowledged something.</summary>
    Acknowledgement,

    /// <summary>The load is over: the log is being published, the rest is quiet.</summary>
    Idle,

    /// <summary>It was asked to end: it drains, publishes and empties its write-ahead log.</summary>
    Stop,
}
