using ClawPdp.Identity.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ClawPdp.Identity.Tokens;

/// <summary>Verifies a token's signature with one key, and its issuer and audience a second time, by Microsoft.IdentityModel.</summary>
internal sealed class SignatureCheck
{
    private readonly JsonWebTokenHandler _handler = new()
    {
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = TokenReader.TokenLengthMax,
    };

    /// <summary>Says whether a refusal is about what the token says, and so comes after its signature was found good.</summary>
    public static bool IsAboutClaims(IdentityRefusal refusal) =>
        refusal.Code is IdentityFailure.IdTokenBadAudience or IdentityFailure.IdTokenExpired or IdentityFailure.IdTokenInvalidClaims;

    public async Task<IdentityRefusal?> CheckAsync(UntrustedToken token, VerificationKey key, IssuerSettings settings, DateTimeOffset now)
    {
        var parameters = new TokenValidationParameters
        {
            RequireSignedTokens = true,
            IssuerSigningKey = key.Key,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = [token.Algorithm],
            ValidateIssuer = true,
            ValidIssuer = settings.Issuer,
            ValidateAudience = true,
            ValidAudiences = settings.ClientIds,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidateLifetime = true,
            LifetimeValidator = (_, _, _, _) => LifetimeCheck.Check(token.Claims, settings, now, out _, out _) is null,
        };
        var result = await _handler.ValidateTokenAsync(token.Text, parameters);
        return result.IsValid ? null : Explain(result.Exception);
    }

    // By type only: the library's messages quote the token.
    private static IdentityRefusal Explain(Exception? exception) => exception switch
    {
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException =>
            new(IdentityFailure.IdTokenSignatureInvalid, "the signature is not one by the issuer's key"),
        SecurityTokenInvalidAlgorithmException =>
            new(IdentityFailure.IdTokenUnsupportedAlg, "the algorithm is not on the issuer's allow-list"),
        SecurityTokenInvalidIssuerException =>
            new(IdentityFailure.IdTokenIssuerUnknown, "the issuer is not a configured one"),
        SecurityTokenInvalidAudienceException =>
            new(IdentityFailure.IdTokenBadAudience, "the audience is none of the issuer's configured client ids"),
        SecurityTokenInvalidLifetimeException =>
            new(IdentityFailure.IdTokenExpired, "the ID token is not valid at this time"),
        SecurityTokenMalformedException =>
            new(IdentityFailure.IdTokenInvalidClaims, "a registered claim has the wrong type"),
        _ => new(IdentityFailure.InternalError, "the signature could not be checked"),
    };
}
