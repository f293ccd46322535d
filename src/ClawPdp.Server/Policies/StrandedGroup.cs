namespace ClawPdp.Server.Policies;

/// <summary>Live tokens that an activation would strand, which belong together.</summary>
/// <param name="MissionId">The mission that they were issued for; empty for none.</param>
/// <param name="Group">The group that let them be issued; empty for none.</param>
/// <param name="PolicyHash">The policy that they are pinned to.</param>
/// <param name="Count">How many.</param>
/// <param name="LastExpiresAt">When the last of them expires.</param>
internal sealed record StrandedGroup(string MissionId, string Group, string PolicyHash, long Count, DateTimeOffset LastExpiresAt);
