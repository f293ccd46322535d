namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>The codes of findings; none is ever reused for another meaning.</summary>
public static class LintCodes
{
    /// <summary>A statement never matches.</summary>
    public const string UnreachableStatement = "UNREACHABLE_STATEMENT";

    /// <summary>Wherever an Allow matches, a Deny matches too.</summary>
    public const string ShadowedAllow = "SHADOWED_ALLOW";

    /// <summary>Wherever a statement matches, another of the same effect matches too.</summary>
    public const string RedundantStatement = "REDUNDANT_STATEMENT";

    /// <summary>An Allow is so wide that it allows everything, or that narrower ones say nothing.</summary>
    public const string SwallowingWildcard = "SWALLOWING_WILDCARD";

    /// <summary>A pattern is one that no name matches.</summary>
    public const string PatternNeverMatches = "PATTERN_NEVER_MATCHES";

    /// <summary>A Deny hangs on what the caller says.</summary>
    public const string DenyOnStatedContext = "DENY_ON_STATED_CONTEXT";

    /// <summary>An Allow hangs on what the caller says.</summary>
    public const string AllowOnStatedContext = "ALLOW_ON_STATED_CONTEXT";

    /// <summary>A block of addresses is held against hosts that are given by name.</summary>
    public const string AddressOnNames = "IP_ON_NAMES";

    /// <summary>A block of addresses has bits beyond its prefix.</summary>
    public const string HostBitsIgnored = "HOST_BITS_IGNORED";

    /// <summary>A condition looks at a key that has a value only when another dimension is asked as well.</summary>
    public const string AlwaysUnresolvable = "ALWAYS_UNRESOLVABLE";

    /// <summary>Conditions of a statement exclude each other.</summary>
    public const string Contradiction = "CONTRADICTION";

    /// <summary>The scope mapping grants something of which the policy allows nothing.</summary>
    public const string MappingNeverAllowed = "MAPPING_NEVER_ALLOWED";

    /// <summary>The scope mapping pins another policy.</summary>
    public const string MappingPinsOther = "MAPPING_PINS_OTHER_POLICY";

    /// <summary>Something was not looked at to the end.</summary>
    public const string Incomplete = "ANALYSIS_INCOMPLETE";
}
