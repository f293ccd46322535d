namespace ClawPdp.Ledger.Runs;

/// <summary>What became of a run that was to be started or finished.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Summary">The run as it stands; <see langword="null"/> unless it was appended or replayed.</param>
public sealed record RunOutcome(AppendStatus Status, RunSummary? Summary);
