using System.Collections.Immutable;

namespace ClawPdp.Core.Mappings;

/// <summary>What one group of the identity provider is granted.</summary>
public sealed record ScopeMapping
{
    /// <summary>Gets the group, exactly as the provider names it.</summary>
    public required string Group { get; init; }

    /// <summary>Gets the granted items as they stand in a token's <c>scope</c>, in ordinal order.</summary>
    public required ImmutableArray<string> ScopeItems { get; init; }

    /// <summary>Gets the longest lifetime in seconds.</summary>
    public required int LifetimeMaxSeconds { get; init; }

    /// <summary>Gets the group's own pin, or that of the whole file; <see langword="null"/> when there is neither.</summary>
    public required PolicyPin? Pin { get; init; }

    /// <summary>Gets the agents that may be asked for; empty means no bound by this mapping.</summary>
    public required ImmutableArray<string> Agents { get; init; }

    /// <summary>Gets the audiences that may be asked for; empty means no bound by this mapping.</summary>
    public required ImmutableArray<string> Audiences { get; init; }
}
