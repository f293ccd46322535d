using System.Collections.Immutable;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>The settings of the OAuth endpoints.</summary>
internal sealed record OAuthSettings
{
    /// <summary>Gets where callers reach the HTTP port, which is the issuer's name; <see langword="null"/> for none, and so no metadata.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Gets the clients; while there are none, a user's ID token is credential enough to exchange it.</summary>
    public ImmutableArray<OAuthClient> Clients { get; init; } = [];
}
