namespace ClawPdp.Server.Doors.OAuth;

/// <summary>The paths of the OAuth endpoints.</summary>
internal static class OAuthPaths
{
    public const string Token = "/oauth2/token";
    public const string Introspect = "/oauth2/introspect";
    public const string Revoke = "/oauth2/revoke";
    public const string Jwks = "/v1/jwks";
    public const string Metadata = "/.well-known/oauth-authorization-server";
    public const string Clawsig = "/.well-known/clawsig.json";
}
