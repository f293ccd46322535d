namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>What a position of a pattern waits for.</summary>
internal enum PieceKind
{
    /// <summary>Nothing: the pattern ends here.</summary>
    End = 0,

    /// <summary>One certain unit.</summary>
    Unit = 1,

    /// <summary>One certain unit, letters without regard to case.</summary>
    UnitOfAnyCase = 2,

    /// <summary>One unit other than a slash.</summary>
    AnyOne = 3,

    /// <summary>Any run of units other than slashes.</summary>
    Run = 4,

    /// <summary>Any run of units other than line terminators.</summary>
    DeepRun = 5,

    /// <summary>Either nothing, or whole segments.</summary>
    Segments = 6,

    /// <summary>Within whole segments, the last slash of which ends them.</summary>
    WithinSegments = 7,

    /// <summary>Any run of units.</summary>
    AnyRun = 8,
}
