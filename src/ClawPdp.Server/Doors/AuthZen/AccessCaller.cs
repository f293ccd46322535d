using ClawPdp.Server.Decisions;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>What a request says beside its body.</summary>
/// <param name="Token">The CST of its headers, a secret; empty for none.</param>
/// <param name="RequestId">Its <c>X-Request-ID</c>; empty for none.</param>
/// <param name="Asker">Who asks.</param>
internal sealed record AccessCaller(string Token, string RequestId, Asker Asker);
