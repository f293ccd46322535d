using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Writing;

/// <summary>What the writer has to know of a run to add to it.</summary>
internal sealed class RunCursor
{
    /// <param name="agentDid">The run's agent.</param>
    /// <param name="isFinished">Whether nothing more is added.</param>
    /// <param name="lastEvent">The last event; <see langword="null"/> while there is none.</param>
    public RunCursor(string agentDid, bool isFinished, EventRecord? lastEvent)
    {
        AgentDid = agentDid;
        IsFinished = isFinished;
        LastEvent = lastEvent;
    }

    public string AgentDid { get; }

    public bool IsFinished { get; set; }

    public EventRecord? LastEvent { get; set; }
}
