using System.Collections.Immutable;

namespace ClawPdp.Server.Settings;

/// <summary>The bounds of what IssueCst may issue, whatever a mapping says.</summary>
internal sealed record IssuanceSettings
{
    /// <summary>The longest lifetime that may be configured.</summary>
    public const int LifetimeLimitSeconds = 86_400;

    /// <summary>The most delegations from a user's sign-in to a token that may be configured.</summary>
    public const int DelegationDepthLimit = 8;

    /// <summary>The most delegations from a user's sign-in to a token when the configuration names none.</summary>
    public const int DelegationDepthDefault = 3;

    /// <summary>Gets the full path of the scope-mapping file.</summary>
    public required string ScopeMappingPath { get; init; }

    /// <summary>Gets a value indicating whether mappings may grant <c>*</c>; the default is no.</summary>
    public required bool AllowWildcards { get; init; }

    /// <summary>Gets a value indicating whether mappings may grant scopes that start with <c>control:</c>; the default is no.</summary>
    public bool AllowControlScopes { get; init; }

    /// <summary>Gets the longest lifetime in seconds, 1 to 86,400; the default is 3,600.</summary>
    public required int LifetimeMaxSeconds { get; init; }

    /// <summary>Gets the lifetime in seconds when the request names none; the default is 600.</summary>
    public required int LifetimeDefaultSeconds { get; init; }

    /// <summary>Gets the most delegations from a user's sign-in to a token, 0 to 8; 0 switches delegation off, the default is 3.</summary>
    public int DelegationDepthMax { get; init; } = DelegationDepthDefault;

    /// <summary>Gets to whom tokens are bound; the default is to whom the request names, or nobody.</summary>
    public HolderMode Holder { get; init; }

    /// <summary>Gets the agent DIDs that may be asked for; empty means every valid DID.</summary>
    public required ImmutableArray<string> Agents { get; init; }

    /// <summary>Gets the audiences that may be asked for, the first being the default.</summary>
    public required ImmutableArray<string> Audiences { get; init; }
}
