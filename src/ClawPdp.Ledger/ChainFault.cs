namespace ClawPdp.Ledger;

/// <summary>The first thing wrong with the chain.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Sequence">The sequence of the record it was seen at.</param>
public sealed record ChainFault(ChainFaultKind Kind, long Sequence);
