namespace ClawPdp.Core.Grammar;

/// <summary>The kinds of host pattern.</summary>
public enum HostPatternKind
{
    /// <summary>None: matches nothing.</summary>
    Unspecified = 0,

    /// <summary>One name.</summary>
    Exact = 1,

    /// <summary>Every name below one.</summary>
    Below = 2,

    /// <summary>An address or a network.</summary>
    Network = 3,

    /// <summary>Everything.</summary>
    Any = 4,
}
