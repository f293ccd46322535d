using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Engine.Decisions;

/// <summary>Gives the reason code for what a policy does not allow.</summary>
public static class PolicyReasons
{
    /// <summary>Gives the code; whatever has none of its own is a violation.</summary>
    public static ReasonCode Of(PolicyFailure failure) => failure switch
    {
        PolicyFailure.None => ReasonCode.Allowed,
        PolicyFailure.ProviderNotAllowed => ReasonCode.PolicyProviderNotAllowed,
        PolicyFailure.ModelNotAllowed => ReasonCode.PolicyModelNotAllowed,
        PolicyFailure.ModelIdentityTierTooLow => ReasonCode.PolicyModelIdentityTierTooLow,
        _ => ReasonCode.PolicyViolation,
    };
}
