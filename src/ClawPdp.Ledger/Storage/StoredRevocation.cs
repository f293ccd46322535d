namespace ClawPdp.Ledger.Storage;

/// <summary>A revocation in force.</summary>
/// <param name="Sequence">The sequence of the first record.</param>
/// <param name="Record">The first record, with the expiry that holds.</param>
internal sealed record StoredRevocation(long Sequence, RevocationRecord Record);
