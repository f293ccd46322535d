using ClawPdp.Client;

namespace ClawPdp.Server.Doors.McpGuard;

/// <summary>A request that the server has not answered.</summary>
/// <param name="Kind">What is to be done with the answer.</param>
/// <param name="Action">What was asked about; for a call alone.</param>
/// <param name="Decision">What allowed it; for a call alone.</param>
/// <param name="StartedAt">When it went to the server, by the steady clock.</param>
internal sealed record PendingCall(PendingKind Kind, AgentAction? Action, AuthorizationDecision? Decision, long StartedAt);
