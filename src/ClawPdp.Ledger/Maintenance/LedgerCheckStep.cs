namespace ClawPdp.Ledger.Maintenance;

/// <summary>One step of checking a ledger.</summary>
/// <param name="Name">What was checked, in lower_snake_case.</param>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Detail">What was found; never the content of a record.</param>
public sealed record LedgerCheckStep(string Name, bool Passed, string Detail);
