namespace ClawPdp.Core.Json;

/// <summary>In which order the members of an object are written.</summary>
internal enum MemberOrder
{
    /// <summary>By UTF-16 code units (RFC 8785 section 3.2.3).</summary>
    Canonical = 0,

    /// <summary>As ECMAScript enumerates a parsed object (ECMA-262 OrdinaryOwnPropertyKeys).</summary>
    EcmaScript = 1,
}
