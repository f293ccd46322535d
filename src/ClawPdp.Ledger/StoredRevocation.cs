namespace ClawPdp.Ledger;

/// <summary>A revocation in force, with its places in the ledger.</summary>
/// <param name="Sequence">The sequence of the first record.</param>
/// <param name="LastSequence">The sequence of the record whose expiry holds; that of the first while it was not made longer.</param>
/// <param name="Record">The first record, with the expiry that holds.</param>
public sealed record StoredRevocation(long Sequence, long LastSequence, RevocationRecord Record);
