using ClawPdp.Core.Decisions;
using ClawPdp.Server.Issuance;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Gives the error of a refusal. A subject token that is not acceptable is <c>invalid_request</c> (RFC 8693 section 2.2.2).</summary>
internal static class IssuanceErrors
{
    /// <summary>Writes a refusal.</summary>
    public static OAuthError Write(IssuanceRefusal refusal) => Write(refusal.Reason, refusal.Message);

    /// <summary>Writes a refusal.</summary>
    public static OAuthError Write(ReasonCode reason, string message)
    {
        var (status, error) = reason switch
        {
            ReasonCode.AudienceNotAllowed => (StatusCodes.Status400BadRequest, "invalid_target"),
            ReasonCode.ScopeNotAllowed or ReasonCode.ScopeEmpty or ReasonCode.ScopeItemTooLong or ReasonCode.ScopeTooLarge or ReasonCode.DelegationScopeExceeded
                => (StatusCodes.Status400BadRequest, "invalid_scope"),
            ReasonCode.InternalError => (StatusCodes.Status500InternalServerError, "server_error"),

            // The token will be good later, and is not now.
            ReasonCode.IdTokenNotYetValid or ReasonCode.TokenNotYetValid => (StatusCodes.Status400BadRequest, OAuthError.InvalidRequest),
            _ when ReasonCatalog.ClassOf(reason) == ReasonClass.Transient => (StatusCodes.Status503ServiceUnavailable, OAuthError.Unavailable),
            _ => (StatusCodes.Status400BadRequest, OAuthError.InvalidRequest),
        };
        return new OAuthError(status, error, message, ReasonCatalog.NameOf(reason));
    }
}
