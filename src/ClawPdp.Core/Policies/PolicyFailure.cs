namespace ClawPdp.Core.Policies;

/// <summary>Why a policy does not allow an action.</summary>
public enum PolicyFailure
{
    /// <summary>It allows the action.</summary>
    None = 0,

    /// <summary>The model's provider is not on the list, or was not stated.</summary>
    ProviderNotAllowed = 1,

    /// <summary>The model is not on the list.</summary>
    ModelNotAllowed = 2,

    /// <summary>The policy demands a model whose identity is proved better than any model's here is.</summary>
    ModelIdentityTierTooLow = 3,

    /// <summary>The host is not on the egress list.</summary>
    EgressNotAllowed = 4,
}
