using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>An error response (RFC 6749 section 5.2).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Error">The code of the RFC.</param>
/// <param name="Description">A sentence for a human.</param>
/// <param name="Reason">Our own reason code; empty for none.</param>
internal sealed record OAuthError(int Status, string Error, string Description, string Reason = "")
{
    /// <summary>The code of a request that is malformed, or whose token is not acceptable.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The code of an assertion that is not acceptable.</summary>
    public const string InvalidGrant = "invalid_grant";

    /// <summary>The code of a proof of a key that does not hold.</summary>
    public const string InvalidProof = "invalid_dpop_proof";

    /// <summary>The code of a grant that is not taken.</summary>
    public const string UnsupportedGrantType = "unsupported_grant_type";

    /// <summary>The code of what may go well later.</summary>
    public const string Unavailable = "temporarily_unavailable";

    /// <summary>Gets the code by which it is counted: the reason, or the RFC's own in capitals.</summary>
    public string Code => Reason.Length > 0 ? Reason : Error is InvalidRequest ? "REQUEST_INVALID" : Error.ToUpperInvariant();

    /// <summary>Makes the error of a request that is malformed.</summary>
    public static OAuthError Request(string description) => new(StatusCodes.Status400BadRequest, InvalidRequest, description);

    /// <summary>Makes the error of a proof of a key that does not hold (RFC 9449 section 5).</summary>
    public static OAuthError Proof(string description) =>
        new(StatusCodes.Status400BadRequest, InvalidProof, description, ReasonCatalog.NameOf(ReasonCode.TokenProofInvalid));

    /// <summary>Makes the error of a client that is not who it says, or says nothing.</summary>
    public static OAuthError Client(string description) => new(StatusCodes.Status401Unauthorized, "invalid_client", description);

    /// <summary>Makes the error of a client that may not do this.</summary>
    public static OAuthError Right() => new(StatusCodes.Status400BadRequest, "unauthorized_client", "the client may not do this");
}
