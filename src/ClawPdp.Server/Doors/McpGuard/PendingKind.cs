namespace ClawPdp.Server.Doors.McpGuard;

/// <summary>What is done with the answer to a request.</summary>
internal enum PendingKind
{
    /// <summary>It goes on as it is.</summary>
    Pass,

    /// <summary>It is a list of tools: those that are not allowed are taken out.</summary>
    List,

    /// <summary>It is the result of a call: a receipt is signed first.</summary>
    Call,
}
