namespace ClawPdp.Ledger;

/// <summary>
/// The last record on disk. Whoever keeps a copy outside the data directory can tell later that nothing up to it was cut off,
/// which the file alone cannot show.
/// </summary>
/// <param name="Sequence">Its sequence, from 1; 0 for an empty ledger.</param>
/// <param name="Hash">Its hash, lower-case hexadecimal, 64 digits; zeros for an empty ledger.</param>
public sealed record LedgerHead(long Sequence, string Hash);
