namespace ClawPdp.Ledger;

/// <summary>What became of something that was to be appended. Nothing is recorded unless it says so.</summary>
public enum AppendStatus
{
    /// <summary>Not known: take it as not recorded.</summary>
    Unspecified = 0,

    /// <summary>It is on disk now.</summary>
    Appended = 1,

    /// <summary>The same request was recorded before; the earlier record stands and this one is void.</summary>
    Replayed = 2,

    /// <summary>The nonce or id was used for something else.</summary>
    Conflict = 3,

    /// <summary>No run of that id was started.</summary>
    RunUnknown = 4,

    /// <summary>The run is finished.</summary>
    RunFinished = 5,

    /// <summary>The run belongs to another agent.</summary>
    RunOfAnotherAgent = 6,

    /// <summary>The run has no event of that hash.</summary>
    EventUnknown = 7,

    /// <summary>The parent's or tool's span is not that of an earlier model call in the same segment.</summary>
    SpanUnknown = 8,

    /// <summary>The span belongs to another model call of the run.</summary>
    SpanTaken = 9,

    /// <summary>The decision that was named is a denial, or is about something else.</summary>
    DecisionMismatch = 10,

    /// <summary>The phase cannot follow that of the model call above it.</summary>
    PhaseImpossible = 11,

    /// <summary>The approval was used up before: nothing is recorded.</summary>
    ApprovalUsed = 12,

    /// <summary>The decision that was named rests on an approval, which counts once, and a receipt of this kind was signed for it.</summary>
    DecisionReported = 13,
}
