using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>RFC 7519 sections 4.1.4 to 4.1.6, with the issuer's clock skew and maximum token age.</summary>
internal static class LifetimeCheck
{
    public static IdentityRefusal? Check(
        JsonElement claims,
        IssuerSettings settings,
        DateTimeOffset now,
        out DateTimeOffset issuedAt,
        out DateTimeOffset expiresAt)
    {
        issuedAt = default;
        return CheckExpiry(claims, settings.ClockSkew, now, out expiresAt)
            ?? CheckNotBefore(claims, settings.ClockSkew, now)
            ?? CheckIssuedAt(claims, settings, now, out issuedAt);
    }

    private static IdentityRefusal? CheckExpiry(
        JsonElement claims, TimeSpan skew, DateTimeOffset now, out DateTimeOffset expiresAt)
    {
        expiresAt = default;
        if (!claims.TryGetProperty(ClaimNames.ExpiresAt, out var member) || !NumericDate.TryRead(member, out expiresAt))
        {
            return Invalid("the expiry is missing or not a time");
        }

        // "On or after": a token is dead at the very second of `exp`. Subtracting from now cannot overflow, adding to
        // `exp` can.
        return now - skew >= expiresAt
            ? new IdentityRefusal(IdentityFailure.IdTokenExpired, "the ID token has expired")
            : null;
    }

    private static IdentityRefusal? CheckNotBefore(JsonElement claims, TimeSpan skew, DateTimeOffset now)
    {
        if (!claims.TryGetProperty(ClaimNames.NotBefore, out var member))
        {
            return null;
        }

        if (!NumericDate.TryRead(member, out var notBefore))
        {
            return Invalid("the start of validity is not a time");
        }

        return notBefore > now + skew
            ? new IdentityRefusal(IdentityFailure.IdTokenNotYetValid, "the ID token is not valid yet")
            : null;
    }

    private static IdentityRefusal? CheckIssuedAt(
        JsonElement claims, IssuerSettings settings, DateTimeOffset now, out DateTimeOffset issuedAt)
    {
        issuedAt = default;
        if (!claims.TryGetProperty(ClaimNames.IssuedAt, out var member) || !NumericDate.TryRead(member, out issuedAt))
        {
            return Invalid("the time of issue is missing or not a time");
        }

        if (issuedAt > now + settings.ClockSkew)
        {
            return new IdentityRefusal(IdentityFailure.IdTokenNotYetValid, "the ID token was issued in the future");
        }

        return now - issuedAt > settings.TokenAgeMax
            ? new IdentityRefusal(IdentityFailure.IdTokenTooOld, "the ID token was issued too long ago")
            : null;
    }

    private static IdentityRefusal Invalid(string message) => new(IdentityFailure.IdTokenInvalidClaims, message);
}
