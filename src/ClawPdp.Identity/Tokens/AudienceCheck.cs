using System.Collections.Immutable;
using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>
/// OpenID Connect Core 1.0 section 3.1.3.7, steps 3 to 5: the token is for us, and its authorised party is ours.
/// </summary>
internal static class AudienceCheck
{
    public static IdentityRefusal? Check(JsonElement claims, ImmutableArray<string> clientIds, out string clientId)
    {
        clientId = "";
        if (!TryReadAudiences(claims, out var audiences))
        {
            return new IdentityRefusal(
                IdentityFailure.IdTokenBadAudience, "the audience is not a string or an array of strings");
        }

        var match = audiences.Find(audience => clientIds.Contains(audience, StringComparer.Ordinal));
        if (match is null)
        {
            return new IdentityRefusal(
                IdentityFailure.IdTokenBadAudience, "the audience is none of the issuer's configured client ids");
        }

        clientId = match;
        return CheckAuthorizedParty(claims, clientIds, audiences.Count);
    }

    private static IdentityRefusal? CheckAuthorizedParty(
        JsonElement claims, ImmutableArray<string> clientIds, int audienceCount)
    {
        if (!claims.TryGetProperty(ClaimNames.AuthorizedParty, out _))
        {
            return audienceCount > 1
                ? new IdentityRefusal(
                    IdentityFailure.IdTokenBadAzp, "a token with several audiences must name its authorized party")
                : null;
        }

        return StrictJson.TryGetString(claims, ClaimNames.AuthorizedParty, out var party)
            && clientIds.Contains(party, StringComparer.Ordinal)
            ? null
            : new IdentityRefusal(
                IdentityFailure.IdTokenBadAzp, "the authorized party is none of the issuer's configured client ids");
    }

    private static bool TryReadAudiences(JsonElement claims, out List<string> audiences)
    {
        audiences = [];
        if (StrictJson.TryGetString(claims, ClaimNames.Audience, out var single))
        {
            audiences.Add(single);
            return true;
        }

        if (!claims.TryGetProperty(ClaimNames.Audience, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            audiences.Add(item.GetString() ?? "");
        }

        return true;
    }
}
