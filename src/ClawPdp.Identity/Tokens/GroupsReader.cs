using System.Collections.Immutable;
using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>Reads the groups claim and refuses a list that the issuer shortened or put elsewhere.</summary>
internal static class GroupsReader
{
    public static IdentityRefusal? Read(JsonElement claims, IssuerSettings settings, out ImmutableArray<string> groups)
    {
        groups = [];
        if (IsReplaced(claims, settings.GroupsClaim))
        {
            return Overage("the issuer left the groups out of the token, as there are too many");
        }

        if (!claims.TryGetProperty(settings.GroupsClaim, out var member))
        {
            return new IdentityRefusal(IdentityFailure.GroupsMissing, "the ID token has no groups claim");
        }

        if (member.ValueKind != JsonValueKind.Array)
        {
            return Invalid();
        }

        // A list of exactly the issuer's limit may have been cut there; nothing in it says so.
        return member.GetArrayLength() >= settings.GroupsMax
            ? Overage("the ID token has as many groups as the issuer lists at most, so some may be missing")
            : ReadNames(member, out groups);
    }

    private static IdentityRefusal? ReadNames(JsonElement array, out ImmutableArray<string> groups)
    {
        groups = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = ImmutableArray.CreateBuilder<string>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String
                || item.GetString() is not { } name
                || string.IsNullOrWhiteSpace(name))
            {
                return Invalid();
            }

            if (seen.Add(name))
            {
                names.Add(name);
            }
        }

        groups = names.ToImmutable();
        return null;
    }

    // Anything but a plain "no" counts as yes: a shape we do not know must not grant from what is left.
    private static bool IsReplaced(JsonElement claims, string groupsClaim)
    {
        if (claims.TryGetProperty(ClaimNames.HasGroups, out var flag)
            && flag.ValueKind is not (JsonValueKind.False or JsonValueKind.Null))
        {
            return true;
        }

        return claims.TryGetProperty(ClaimNames.ElsewhereNames, out var elsewhere)
            && (elsewhere.ValueKind != JsonValueKind.Object || elsewhere.TryGetProperty(groupsClaim, out _));
    }

    private static IdentityRefusal Overage(string message) => new(IdentityFailure.GroupsOverage, message);

    private static IdentityRefusal Invalid() =>
        new(IdentityFailure.GroupsInvalid, "the groups claim is not an array of non-blank strings");
}
