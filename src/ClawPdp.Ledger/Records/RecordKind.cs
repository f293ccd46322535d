namespace ClawPdp.Ledger.Records;

/// <summary>What a record holds. The numbers are hashed and stored: none is ever reused.</summary>
internal enum RecordKind
{
    Unspecified = 0,
    Receipt = 1,
    Issuance = 2,
    Revocation = 3,
    Refusal = 4,
    Decision = 5,
}
