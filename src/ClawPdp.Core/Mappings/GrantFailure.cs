namespace ClawPdp.Core.Mappings;

/// <summary>Why a user, group or narrowing gets no grant.</summary>
public enum GrantFailure
{
    /// <summary>There is a grant.</summary>
    None = 0,

    /// <summary>None of the user's groups is mapped.</summary>
    GroupNotMapped = 1,

    /// <summary>The named group is not one of the user's.</summary>
    GroupNotHeld = 2,

    /// <summary>The user's groups pin different policies.</summary>
    PolicyPinConflict = 3,

    /// <summary>None of the user's mapped groups may ask for this agent.</summary>
    AgentNotAllowed = 4,

    /// <summary>None of the user's mapped groups may ask for these audiences.</summary>
    AudienceNotAllowed = 5,

    /// <summary>The union of the grants has more items than a token may hold.</summary>
    ScopeTooLarge = 6,

    /// <summary>An item of the narrowing lies outside the grant or does not parse.</summary>
    ScopeNotAllowed = 7,

    /// <summary>The narrowing leaves nothing.</summary>
    ScopeEmpty = 8,

    /// <summary>An item of the narrowing is longer than a token's may be.</summary>
    ScopeItemTooLong = 9,
}
