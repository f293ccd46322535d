using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>How the door reads messages.</summary>
/// <param name="Rules">Where the token comes from, and what the operator states of every message.</param>
internal sealed record ExtMcpSettings(HttpRules Rules);
