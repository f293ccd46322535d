using System.Collections.Immutable;

namespace ClawPdp.Core.Mappings;

/// <summary>What a token shall be narrowed to. A list that is <see langword="null"/> keeps its whole dimension; an empty one keeps nothing of it.</summary>
public sealed record ScopeRequest
{
    /// <summary>Gets the tool patterns.</summary>
    public ImmutableArray<string>? Tools { get; init; }

    /// <summary>Gets the model patterns.</summary>
    public ImmutableArray<string>? Models { get; init; }

    /// <summary>Gets the host patterns.</summary>
    public ImmutableArray<string>? Egress { get; init; }

    /// <summary>Gets the plain scopes.</summary>
    public ImmutableArray<string>? Scopes { get; init; }
}
