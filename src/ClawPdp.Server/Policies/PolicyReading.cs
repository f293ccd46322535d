using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Faults;

namespace ClawPdp.Server.Policies;

/// <summary>What became of reading a signed policy.</summary>
/// <param name="Signed">The policy; <see langword="null"/> when it was refused.</param>
/// <param name="Reason">Why it was refused; <see cref="ReasonCode.Unspecified"/> when it was not.</param>
/// <param name="Faults">Every fault; none when it was not refused.</param>
internal sealed record PolicyReading(SignedPolicy? Signed, ReasonCode Reason, ImmutableArray<Fault> Faults);
