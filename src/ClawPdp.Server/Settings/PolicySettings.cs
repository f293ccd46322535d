using System.Collections.Immutable;

namespace ClawPdp.Server.Settings;

/// <summary>Which Work Policy Contract is in force and whose signature makes it so.</summary>
internal sealed record PolicySettings
{
    /// <summary>Gets the full path of the signed policy envelope; <see langword="null"/> when no policy is in force.</summary>
    public required string? Path { get; init; }

    /// <summary>Gets the DIDs (did:key) whose policies are accepted, beside this installation's own policy keys.</summary>
    public required ImmutableArray<string> Signers { get; init; }

    /// <summary>Gets a value indicating whether every decision needs an active policy; the default is no.</summary>
    public required bool Required { get; init; }
}
