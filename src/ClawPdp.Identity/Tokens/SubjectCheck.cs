using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>
/// The token names a user and is not a token of another kind that the same issuer signs with the same keys.
/// </summary>
internal static class SubjectCheck
{
    private const int SubjectLengthMax = 255;

    public static IdentityRefusal? Check(JsonElement claims, out string subject)
    {
        var named = StrictJson.TryGetString(claims, ClaimNames.Subject, out subject);
        if (!named
            || subject.Length > SubjectLengthMax
            || string.IsNullOrWhiteSpace(subject)
            || subject.Any(char.IsControl))
        {
            return Invalid("the subject is not a non-blank string of at most 255 characters");
        }

        // Back-Channel Logout 1.0 section 2.4: a logout token has the issuer, the audience and a subject too.
        return claims.TryGetProperty(ClaimNames.Events, out _)
            ? Invalid("the token is a security event, not an ID token")
            : null;
    }

    private static IdentityRefusal Invalid(string message) => new(IdentityFailure.IdTokenInvalidClaims, message);
}
