using ClawPdp.Identity.Keys;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ClawPdp.Identity.Tokens;

/// <summary>
/// Has Microsoft.IdentityModel validate the whole token once more after our own checks passed, so that an identity
/// needs
/// the consent of both. Ours come first because they have a stated order, our clock, and reasons that quote nothing.
/// </summary>
internal sealed class SecondOpinion
{
    private readonly JsonWebTokenHandler _handler = new()
    {
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = TokenReader.TokenLengthMax,
    };

    private readonly ILogger _logger;

    public SecondOpinion(ILogger logger) => _logger = logger;

    public async Task<IdentityRefusal?> AskAsync(
        UntrustedToken token, VerificationKey key, IssuerSettings settings, ITokenProfile profile, DateTimeOffset now)
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
            ValidAudiences = profile.AudiencesOf(settings),
            IgnoreTrailingSlashWhenValidatingAudience = false,
            RequireExpirationTime = true,
            ValidateLifetime = true,
            LifetimeValidator = (notBefore, expires, _, _) => IsAlive(notBefore, expires, settings.ClockSkew, now),
        };
        var result = await _handler.ValidateTokenAsync(token.Text, parameters);
        return result.IsValid ? null : Explain(result.Exception);
    }

    // The library's own check reads the system clock.
    private static bool IsAlive(DateTime? notBefore, DateTime? expires, TimeSpan skew, DateTimeOffset now) =>
        expires > (now - skew).UtcDateTime && (notBefore is null || notBefore <= (now + skew).UtcDateTime);

    // By type only: the library's messages quote the token.
    private IdentityRefusal Explain(Exception exception)
    {
        Log.CheckNotFinished(_logger, exception.GetType().Name);
        return exception switch
        {
            SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException =>
                new(IdentityFailure.IdTokenSignatureInvalid, "the signature is not one by the issuer's key"),
            SecurityTokenInvalidAudienceException =>
                new(IdentityFailure.IdTokenBadAudience, "the audience is not an expected one"),
            SecurityTokenMalformedException or ArgumentException =>
                new(IdentityFailure.IdTokenInvalidClaims, "a registered claim or header member has the wrong type"),
            _ => new(IdentityFailure.InternalError, "the ID token was refused at the second reading"),
        };
    }
}
