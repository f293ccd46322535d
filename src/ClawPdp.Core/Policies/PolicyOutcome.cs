using System.Collections.Immutable;

namespace ClawPdp.Core.Policies;

/// <summary>A policy's judgement.</summary>
/// <param name="Failure">What is not allowed, or <see cref="PolicyFailure.None"/>.</param>
/// <param name="StatementIds">The ids of the statements that decided, in policy order.</param>
public sealed record PolicyOutcome(PolicyFailure Failure, ImmutableArray<string> StatementIds);
