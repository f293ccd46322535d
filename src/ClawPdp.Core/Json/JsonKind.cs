namespace ClawPdp.Core.Json;

/// <summary>The six kinds of JSON value (RFC 8259 section 3), with the two booleans as one.</summary>
public enum JsonKind
{
    /// <summary>The literal <c>null</c>.</summary>
    Null = 0,

    /// <summary>The literal <c>true</c> or <c>false</c>.</summary>
    Boolean = 1,

    /// <summary>A finite IEEE 754 double, as in I-JSON (RFC 7493).</summary>
    Number = 2,

    /// <summary>A string of Unicode text.</summary>
    String = 3,

    /// <summary>An ordered list.</summary>
    Array = 4,

    /// <summary>An object whose members keep the order of the text.</summary>
    Object = 5,
}
