namespace ClawPdp.Identity;

/// <summary>Why an ID token or an identity assertion was refused; each member is one reason code. The default is a refusal too.</summary>
public enum IdentityFailure
{
    /// <summary>INTERNAL_ERROR: the check could not be finished.</summary>
    InternalError = 0,

    /// <summary>ID_TOKEN_REQUIRED: no token was given.</summary>
    IdTokenRequired = 1,

    /// <summary>
    /// ID_TOKEN_MALFORMED: too long, not three base64url parts, or not two JSON objects with unique members.
    /// </summary>
    IdTokenMalformed = 2,

    /// <summary>
    /// ID_TOKEN_UNSUPPORTED_ALG: the algorithm is not on the issuer's allow-list; <c>none</c> and HMAC never are.
    /// </summary>
    IdTokenUnsupportedAlg = 3,

    /// <summary>ID_TOKEN_ISSUER_UNKNOWN: <c>iss</c> is not exactly a configured issuer.</summary>
    IdTokenIssuerUnknown = 4,

    /// <summary>ID_TOKEN_BAD_AUDIENCE: <c>aud</c> names none of the configured client ids.</summary>
    IdTokenBadAudience = 5,

    /// <summary>
    /// ID_TOKEN_BAD_AZP: <c>azp</c> is not a configured client id, or is missing beside several audiences.
    /// </summary>
    IdTokenBadAzp = 6,

    /// <summary>
    /// ID_TOKEN_SIGNATURE_INVALID: the named key of the issuer did not make this signature with this algorithm.
    /// </summary>
    IdTokenSignatureInvalid = 7,

    /// <summary>ID_TOKEN_UNKNOWN_KID: no <c>kid</c>, or none of the issuer's current keys has it.</summary>
    IdTokenUnknownKid = 8,

    /// <summary>ID_TOKEN_EXPIRED: <c>exp</c> has been reached, the clock skew included.</summary>
    IdTokenExpired = 9,

    /// <summary>
    /// ID_TOKEN_NOT_YET_VALID: <c>nbf</c> or <c>iat</c> is further in the future than the clock skew.
    /// </summary>
    IdTokenNotYetValid = 10,

    /// <summary>ID_TOKEN_TOO_OLD: issued longer ago than the issuer's maximum token age.</summary>
    IdTokenTooOld = 11,

    /// <summary>
    /// ID_TOKEN_INVALID_CLAIMS: a required claim is missing or of another type, or this is another kind of token.
    /// </summary>
    IdTokenInvalidClaims = 12,

    /// <summary>IDP_UNAVAILABLE: the issuer's keys could not be fetched; the same token may pass later.</summary>
    IdpUnavailable = 13,

    /// <summary>
    /// IDP_KEYS_STALE: the last good keys are older than the stated bound; the same token may pass later.
    /// </summary>
    IdpKeysStale = 14,

    /// <summary>GROUPS_MISSING: the token has no groups claim.</summary>
    GroupsMissing = 15,

    /// <summary>GROUPS_INVALID: the groups claim is not an array of non-blank strings.</summary>
    GroupsInvalid = 16,

    /// <summary>GROUPS_OVERAGE: the issuer truncated or replaced the groups claim, or may have done so.</summary>
    GroupsOverage = 17,

    /// <summary>ID_JAG_CLIENT_MISMATCH: the assertion's <c>client_id</c> is not the client that shows it.</summary>
    IdJagClientMismatch = 18,
}
