namespace ClawPdp.Server.Settings;

/// <summary>Whether an answer waits for its record.</summary>
internal enum DecisionLogMode
{
    /// <summary>It does not: the record follows soon after, and one that is lost is counted. The default.</summary>
    Asynchronous = 0,

    /// <summary>It does: what cannot be recorded is denied.</summary>
    Durable = 1,
}
