using System.Runtime.InteropServices;
using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Decisions;

/// <summary>An answer and the name of its record.</summary>
/// <param name="Decision">The answer.</param>
/// <param name="DecisionId">The record's id.</param>
/// <param name="DecidedAt">When it was decided.</param>
/// <param name="PolicyLabel">The operator's label for the policy; empty when there is none.</param>
/// <param name="Log">How the record is kept; <see langword="null"/> when there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordedDecision(Decision Decision, string DecisionId, DateTimeOffset DecidedAt, string PolicyLabel, DecisionLogMode? Log);
