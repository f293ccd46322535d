using ClawPdp.Core.Decisions;
using ClawPdp.Identity;

namespace ClawPdp.Server.Issuance;

/// <summary>Gives the reason code of a sign-in that was refused.</summary>
internal static class IdentityReasons
{
    /// <summary>Writes the refusal; what has no code of its own is an internal error.</summary>
    public static IssuanceRefusal Write(IdentityResult result) => result is IdentityRefusal refusal
        ? new IssuanceRefusal(CodeOf(refusal.Code), refusal.Message, "id_token")
        : new IssuanceRefusal(ReasonCode.InternalError, "the sign-in could not be judged", "id_token");

    private static ReasonCode CodeOf(IdentityFailure failure) => failure switch
    {
        IdentityFailure.IdTokenRequired => ReasonCode.IdTokenRequired,
        IdentityFailure.IdTokenMalformed => ReasonCode.IdTokenMalformed,
        IdentityFailure.IdTokenUnsupportedAlg => ReasonCode.IdTokenUnsupportedAlg,
        IdentityFailure.IdTokenIssuerUnknown => ReasonCode.IdTokenIssuerUnknown,
        IdentityFailure.IdTokenBadAudience => ReasonCode.IdTokenBadAudience,
        IdentityFailure.IdTokenBadAzp => ReasonCode.IdTokenBadAzp,
        IdentityFailure.IdTokenSignatureInvalid => ReasonCode.IdTokenSignatureInvalid,
        IdentityFailure.IdTokenUnknownKid => ReasonCode.IdTokenUnknownKid,
        IdentityFailure.IdTokenExpired => ReasonCode.IdTokenExpired,
        IdentityFailure.IdTokenNotYetValid => ReasonCode.IdTokenNotYetValid,
        IdentityFailure.IdTokenTooOld => ReasonCode.IdTokenTooOld,
        IdentityFailure.IdTokenInvalidClaims => ReasonCode.IdTokenInvalidClaims,
        IdentityFailure.IdpUnavailable => ReasonCode.IdpUnavailable,
        IdentityFailure.IdpKeysStale => ReasonCode.IdpKeysStale,
        IdentityFailure.GroupsMissing => ReasonCode.GroupsMissing,
        IdentityFailure.GroupsInvalid => ReasonCode.GroupsInvalid,
        IdentityFailure.GroupsOverage => ReasonCode.GroupsOverage,
        IdentityFailure.IdJagClientMismatch => ReasonCode.IdJagClientMismatch,
        _ => ReasonCode.InternalError,
    };
}
