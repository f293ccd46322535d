using ClawPdp.Core.Json;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>A signed list of the keys.</summary>
/// <param name="Ring">The keys that it is of.</param>
/// <param name="AcceptedCount">How many of them verify; fewer, once one is revoked.</param>
/// <param name="GeneratedAt">When it was made.</param>
/// <param name="Document">The list with its signature.</param>
internal sealed record KeySnapshot(SigningRing Ring, int AcceptedCount, DateTimeOffset GeneratedAt, JsonValue Document);
