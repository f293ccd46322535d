using System.Collections.Immutable;

namespace ClawPdp.Server.Callers;

/// <summary>Which local users may connect: one that is listed, or one with a group that is.</summary>
/// <param name="UserIds">The users.</param>
/// <param name="GroupIds">The groups; a supplementary one counts.</param>
internal sealed record PeerRules(ImmutableArray<uint> UserIds, ImmutableArray<uint> GroupIds)
{
    /// <summary>Gets the rule of the admin plane where none is stated: the user that the sidecar runs as, and root.</summary>
    public static PeerRules Own { get; } = new([OwnUser.Id, 0], []);

    /// <summary>Tells whether a peer may connect; one that the kernel says nothing of may not.</summary>
    public bool Admit(PeerCredentials? peer) =>
        peer is not null && (UserIds.Contains(peer.UserId) || GroupIds.Contains(peer.GroupId) || peer.Groups.Any(group => GroupIds.Contains(group)));
}
