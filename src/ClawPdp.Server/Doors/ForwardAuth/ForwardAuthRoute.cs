using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.ForwardAuth;

/// <summary>One path of the door and how its requests are read.</summary>
/// <param name="Path">The path that the proxy is told.</param>
/// <param name="TakesRest">Whether a proxy may append the caller's own path, as Envoy does.</param>
/// <param name="DestinationHeader">The header in which the proxy says where the request goes, in lower case.</param>
/// <param name="Rules">How the question is made.</param>
internal sealed record ForwardAuthRoute(string Path, bool TakesRest, string DestinationHeader, HttpRules Rules);
