using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Identity;

namespace ClawPdp.Server.Issuance;

/// <summary>What an identity assertion bounds, and how it comes to be good for one token.</summary>
internal static class AssertionRules
{
    private const int HashLength = 32;

    /// <summary>Looks for an audience that is none of the resources that the provider names, where it names any.</summary>
    public static IssuanceRefusal? Check(VerifiedAssertion assertion, IssuanceRequest request) =>
        assertion.Resources.Length > 0 && request.Audiences.FirstOrDefault(audience => !assertion.Resources.Contains(audience, StringComparer.Ordinal)) is { } other
            ? new IssuanceRefusal(ReasonCode.AudienceNotAllowed, "the assertion is for other resources", "audiences", other)
            : null;

    /// <summary>Gives what a scope (RFC 6749 section 3.3) names; what it does not name is not in it.</summary>
    public static ScopeRequest ScopeOf(string scope)
    {
        var items = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ScopeRequest
        {
            Tools = [.. ItemsOf(items, GrantedScope.ToolPrefix)],
            Models = [.. ItemsOf(items, GrantedScope.ModelPrefix)],
            Egress = [.. ItemsOf(items, GrantedScope.EgressPrefix)],
            Scopes = [.. items.Where(static item => !IsPrefixed(item))],
        };
    }

    /// <summary>
    /// Gives the id of the one issuance that an assertion is good for. The ledger takes an id once, in the transaction that makes the token's record
    /// durable, so that neither two at once nor a start in between can use an assertion twice.
    /// </summary>
    public static string IssuanceIdOf(VerifiedAssertion assertion) => "iss_" + Sha256.Hex(JsonWriter.CanonicalText(new JsonObjectBuilder()
        .Add("iss", assertion.Identity.Issuer)
        .Add("jti", assertion.AssertionId)
        .Build()))[..HashLength];

    private static IEnumerable<string> ItemsOf(string[] items, string prefix) =>
        items.Where(item => item.StartsWith(prefix, StringComparison.Ordinal)).Select(item => item[prefix.Length..]);

    private static bool IsPrefixed(string item) =>
        item.StartsWith(GrantedScope.ToolPrefix, StringComparison.Ordinal)
        || item.StartsWith(GrantedScope.ModelPrefix, StringComparison.Ordinal)
        || item.StartsWith(GrantedScope.EgressPrefix, StringComparison.Ordinal);
}
