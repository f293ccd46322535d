using System.Collections.Immutable;
using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>
/// What sets one kind of token that an issuer signs apart from another. The issuer, its keys, the signature, the times, the subject and the groups are
/// checked alike for all.
/// </summary>
internal interface ITokenProfile
{
    /// <summary>Tells whether the header names this kind.</summary>
    bool IsType(JsonElement header);

    /// <summary>Gives who the token may be for.</summary>
    ImmutableArray<string> AudiencesOf(IssuerSettings settings);

    /// <summary>Checks whom the token is for.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="settings">The issuer.</param>
    /// <param name="clientId">Receives the client.</param>
    IdentityRefusal? CheckParties(JsonElement claims, IssuerSettings settings, out string clientId);

    /// <summary>Reads what this kind says besides; it is the last check.</summary>
    IdentityResult Finish(VerifiedIdentity identity, JsonElement claims);
}
