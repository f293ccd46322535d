namespace ClawPdp.Server.Callers;

/// <summary>Metadata of an endpoint: which plane it is of. An endpoint without it is refused on every listener.</summary>
/// <param name="Plane">The one plane.</param>
internal sealed record PlaneRule(Plane Plane);
