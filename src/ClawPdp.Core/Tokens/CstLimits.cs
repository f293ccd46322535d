namespace ClawPdp.Core.Tokens;

/// <summary>The bounds of a CST, as the reference issuer has them by default.</summary>
public static class CstLimits
{
    /// <summary>The longest token text that is looked at, in characters.</summary>
    public const int TokenLengthMax = 16_384;

    /// <summary>The most items in the <c>scope</c> claim.</summary>
    public const int ScopeItemCountMax = 64;

    /// <summary>The longest scope item, in UTF-16 units.</summary>
    public const int ScopeItemLengthMax = 128;

    /// <summary>The most audiences.</summary>
    public const int AudienceCountMax = 64;

    /// <summary>The longest free text in a claim, in UTF-16 units.</summary>
    public const int TextLengthMax = 512;

    /// <summary>The lifetime when none is asked for, in seconds.</summary>
    public const int TtlDefaultSeconds = 600;

    /// <summary>The longest lifetime where nothing else is configured, in seconds.</summary>
    public const int TtlMaxSeconds = 3600;
}
