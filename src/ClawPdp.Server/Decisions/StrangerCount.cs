using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Decisions;

/// <summary>How many questions of strangers were denied for one reason, and go into one record.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="DecisionId">The id of the record that is to be, which all these answers name.</param>
/// <param name="First">When the first of them was decided.</param>
/// <param name="Last">When the last of them was decided.</param>
/// <param name="Count">How many there were; from 1.</param>
internal sealed record StrangerCount(ReasonCode Reason, string DecisionId, DateTimeOffset First, DateTimeOffset Last, long Count);
