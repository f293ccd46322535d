using ClawPdp.Core.Decisions;
using ClawPdp.Server.Issuance;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>
/// Gives the error of a refusal. A subject token that is not acceptable is <c>invalid_request</c> (RFC 8693 section 2.2.2), an assertion that is not
/// is <c>invalid_grant</c> (RFC 7521 section 4.1.1).
/// </summary>
internal static class IssuanceErrors
{
    /// <summary>Writes a refusal.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="isGrant">Whether the credential came as the assertion of a grant.</param>
    public static OAuthError Write(IssuanceRefusal refusal, bool isGrant = false)
    {
        var error = Write(refusal.Reason, refusal.Message);
        return isGrant && error.Error is OAuthError.InvalidRequest && IsOfCredential(refusal.Reason) ? error with { Error = OAuthError.InvalidGrant } : error;
    }

    /// <summary>Writes a refusal.</summary>
    public static OAuthError Write(ReasonCode reason, string message)
    {
        var (status, error) = reason switch
        {
            ReasonCode.AudienceNotAllowed => (StatusCodes.Status400BadRequest, "invalid_target"),
            ReasonCode.ScopeNotAllowed or ReasonCode.ScopeEmpty or ReasonCode.ScopeItemTooLong or ReasonCode.ScopeTooLarge or ReasonCode.DelegationScopeExceeded
                => (StatusCodes.Status400BadRequest, "invalid_scope"),
            ReasonCode.TokenProofInvalid or ReasonCode.TokenProofRequired => (StatusCodes.Status400BadRequest, OAuthError.InvalidProof),
            ReasonCode.InternalError => (StatusCodes.Status500InternalServerError, "server_error"),

            // The token will be good later, and is not now.
            ReasonCode.IdTokenNotYetValid or ReasonCode.TokenNotYetValid => (StatusCodes.Status400BadRequest, OAuthError.InvalidRequest),
            _ when ReasonCatalog.ClassOf(reason) == ReasonClass.Transient => (StatusCodes.Status503ServiceUnavailable, OAuthError.Unavailable),
            _ => (StatusCodes.Status400BadRequest, OAuthError.InvalidRequest),
        };
        return new OAuthError(status, error, message, ReasonCatalog.NameOf(reason));
    }

    // Sign-in, 500 to 599: what is wrong with the user's credential, and not with what is asked for.
    private static bool IsOfCredential(ReasonCode reason) => (int)reason is >= 500 and <= 599;
}
