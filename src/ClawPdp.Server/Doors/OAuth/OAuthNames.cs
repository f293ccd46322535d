namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Names that the RFCs fix.</summary>
internal static class OAuthNames
{
    /// <summary>The grant type of RFC 8693.</summary>
    public const string TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    /// <summary>The type of an OIDC ID token.</summary>
    public const string IdToken = "urn:ietf:params:oauth:token-type:id_token";

    /// <summary>The type of a JWT, which a CST is.</summary>
    public const string Jwt = "urn:ietf:params:oauth:token-type:jwt";

    /// <summary>The grant type of RFC 7523, by which an identity assertion is redeemed.</summary>
    public const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary>The type of an identity assertion (draft-ietf-oauth-identity-assertion-authz-grant).</summary>
    public const string IdJag = "urn:ietf:params:oauth:token-type:id-jag";

    /// <summary>The profile of the JWT bearer grant that takes identity assertions and nothing else.</summary>
    public const string IdJagProfile = "urn:ietf:params:oauth:grant-profile:id-jag";

    /// <summary>What a token is that is shown in the header <c>Authorization</c> (RFC 6750).</summary>
    public const string Bearer = "Bearer";

    /// <summary>What a token is that is bound to a key (RFC 9449 section 5).</summary>
    public const string Proven = "DPoP";

    /// <summary>What a token is that is no access token of OAuth.</summary>
    public const string NotApplicable = "N_A";
}
