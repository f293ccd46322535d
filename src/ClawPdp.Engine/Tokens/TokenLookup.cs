namespace ClawPdp.Engine.Tokens;

/// <summary>How a token was found to be good, or that it was not.</summary>
public enum TokenLookup
{
    /// <summary>It is no token whose signature holds.</summary>
    Refused = 0,

    /// <summary>It was the last one of the same connection.</summary>
    Connection = 1,

    /// <summary>It was verified before.</summary>
    Cache = 2,

    /// <summary>Its signature was verified.</summary>
    Verified = 3,
}
