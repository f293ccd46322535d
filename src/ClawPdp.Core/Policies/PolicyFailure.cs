namespace ClawPdp.Core.Policies;

/// <summary>Why a policy does not allow an action.</summary>
public enum PolicyFailure
{
    /// <summary>Nothing was judged; allows nothing.</summary>
    NotJudged = 0,

    /// <summary>It allows the action.</summary>
    None = 1,

    /// <summary>The model's provider is not on the list, or was not stated (version 1).</summary>
    ProviderNotAllowed = 2,

    /// <summary>The model is not on the list (version 1).</summary>
    ModelNotAllowed = 3,

    /// <summary>The policy demands a model whose identity is proved better than any model's here is (version 1).</summary>
    ModelIdentityTierTooLow = 4,

    /// <summary>The host is not on the egress list (version 1).</summary>
    EgressNotAllowed = 5,

    /// <summary>A Deny statement matches (version 2).</summary>
    Denied = 6,

    /// <summary>No Allow statement matches (version 2).</summary>
    NotAllowed = 7,
}
