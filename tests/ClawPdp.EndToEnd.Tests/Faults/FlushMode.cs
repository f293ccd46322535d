namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>What a flush of the ledger to disk does; the numbers are those of fault_shim.c.</summary>
internal enum FlushMode
{
    Works = 0,
    Fails = 1,
    IsSlow = 2,
    Stalls = 3,
    Lies = 4,
}
