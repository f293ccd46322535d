namespace ClawPdp.Load.Scenarios;

/// <summary>How durable calls are measured.</summary>
/// <param name="Label">What the ledger is like, for the results.</param>
/// <param name="Rounds">How often everything is measured, in turns.</param>
/// <param name="Duration">How long each measurement takes.</param>
/// <param name="CallerCounts">How many callers at a time.</param>
internal sealed record DurablePlan(string Label, int Rounds, TimeSpan Duration, int[] CallerCounts);
