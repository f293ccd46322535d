using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.Envoy;

/// <summary>How the door reads requests, and what it takes away from those that it allows.</summary>
/// <param name="Rules">How a question is made; a route of the proxy may say otherwise in its context extensions.</param>
/// <param name="RemovesToken">Whether the header that held the token is taken away before the upstream sees it; true by default.</param>
internal sealed record EnvoySettings(HttpRules Rules, bool RemovesToken);
