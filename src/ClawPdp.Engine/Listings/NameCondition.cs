using System.Collections.Immutable;

namespace ClawPdp.Engine.Listings;

/// <summary>Which names a statement matches: those that match one of the first, all of the second and none of the third patterns.</summary>
/// <param name="Sid">The statement's id; for a policy of version 1 the member.</param>
/// <param name="AnyOf">Patterns of which one must match.</param>
/// <param name="AllOf">Patterns that must all match.</param>
/// <param name="NoneOf">Patterns of which none may match.</param>
public sealed record NameCondition(string Sid, ImmutableArray<NamePattern> AnyOf, ImmutableArray<NamePattern> AllOf, ImmutableArray<NamePattern> NoneOf)
{
    /// <summary>Gets a value indicating whether every name matches.</summary>
    public bool IsAlways => AllOf.IsEmpty && NoneOf.IsEmpty && AnyOf.Any(static pattern => pattern.IsAlways);
}
