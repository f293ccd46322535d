using System.Runtime.InteropServices;

namespace ClawPdp.Core.Policies;

/// <summary>What one policy says about one dimension of a question. The default allows nothing.</summary>
/// <param name="Failure">What is not allowed, or <see cref="PolicyFailure.None"/>.</param>
/// <param name="Statements">The statements that decided: bit n is the statement at place n.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LinkOutcome(PolicyFailure Failure, ulong Statements);
