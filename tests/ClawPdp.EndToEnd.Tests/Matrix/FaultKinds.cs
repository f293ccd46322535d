namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>What is broken; says which callers notice.</summary>
[Flags]
internal enum FaultKinds
{
    /// <summary>Nothing at all.</summary>
    None = 0,

    /// <summary>Nothing is broken: the row that shows that what is asked would be granted.</summary>
    Nothing = 1,

    /// <summary>The ledger's disk.</summary>
    Disk = 2,

    /// <summary>The wall clock.</summary>
    Clock = 4,

    /// <summary>The CST.</summary>
    Token = 8,

    /// <summary>The sidecar's process, or what stands in its place.</summary>
    Process = 16,

    /// <summary>The identity provider, or what it signed.</summary>
    Provider = 32,

    /// <summary>The caller's side of the call.</summary>
    Call = 64,

    /// <summary>The caller's side, as only a program can have it.</summary>
    Program = 128,

    /// <summary>The holder of the CST, of whom nothing is asked where it is only looked at.</summary>
    Holder = 256,
}
