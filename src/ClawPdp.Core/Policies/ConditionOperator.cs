namespace ClawPdp.Core.Policies;

/// <summary>The operators of conditions; the names are those of the policy language.</summary>
public enum ConditionOperator
{
    /// <summary>None; never holds.</summary>
    Unspecified = 0,

    /// <summary>The value is the expected text, unit by unit.</summary>
    StringEquals = 1,

    /// <summary>The value is another text.</summary>
    StringNotEquals = 2,

    /// <summary>The value matches the pattern.</summary>
    StringLike = 3,

    /// <summary>The value does not match the pattern.</summary>
    StringNotLike = 4,

    /// <summary>The numbers are equal.</summary>
    NumericEquals = 5,

    /// <summary>The value is the lesser number.</summary>
    NumericLessThan = 6,

    /// <summary>The value is the greater number.</summary>
    NumericGreaterThan = 7,

    /// <summary>The truth values are equal.</summary>
    Bool = 8,

    /// <summary>The value is an address within the block.</summary>
    IpAddress = 9,
}
