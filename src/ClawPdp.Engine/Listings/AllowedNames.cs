using System.Collections.Immutable;

namespace ClawPdp.Engine.Listings;

/// <summary>
/// What is allowed: a name is if it is one of the names, or if it matches one of the patterns and every limit lets it pass.
/// </summary>
/// <param name="Names">Names that the engine allows, in ordinal order, each once.</param>
/// <param name="Patterns">Patterns of the token's scope, without their prefix, in ordinal order.</param>
/// <param name="Limits">What each policy of the chain leaves of the patterns; none restricts nothing.</param>
public sealed record AllowedNames(ImmutableArray<string> Names, ImmutableArray<string> Patterns, ImmutableArray<PolicyLimit> Limits);
