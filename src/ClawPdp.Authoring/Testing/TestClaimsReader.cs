using System.Collections.Immutable;
using System.Text;
using ClawPdp.Authoring.Sources;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Authoring.Testing;

/// <summary>Reads who asks: claims as they would stand in a token, or a token.</summary>
internal static class TestClaimsReader
{
    /// <summary>The audience where none is stated.</summary>
    public const string AudienceDefault = "clawpdp";

    /// <summary>The agent where none is stated.</summary>
    public const string SubjectDefault = "did:example:agent";

    private const int DidLengthMax = 256;

    // The last second of the year 9999.
    private const long InstantMax = 253_402_300_799;

    // Where no scope is stated the policy alone is judged.
    private static readonly ImmutableArray<string> Everything = ["tool:*", "model:*", "egress:*"];

    /// <summary>Reads the claims of a case; times that are not stated are those of the question.</summary>
    public static CstClaims Read(TestMember claims, DateTimeOffset at)
    {
        claims.IsObjectOf("sub", "aud", "scope", "iat", "exp", "owner_did", "controller_did", "mission_id", "policy_hash_b64u");
        var issuedAt = claims.Optional("iat")?.AsInteger(0, InstantMax) ?? at.ToUnixTimeSeconds();
        var read = new CstClaims
        {
            Subject = ReadDid(claims.Optional("sub")) ?? SubjectDefault,
            Audience = ReadTexts(claims.Optional("aud"), CstLimits.AudienceCountMax, CstLimits.TextLengthMax) ?? [AudienceDefault],
            Scope = ReadScope(claims.Optional("scope")) ?? Everything,
            IssuedAt = issuedAt,
            ExpiresAt = claims.Optional("exp")?.AsInteger(0, InstantMax) ?? issuedAt + CstLimits.TtlDefaultSeconds,
            OwnerDid = ReadDid(claims.Optional("owner_did")),
            ControllerDid = ReadDid(claims.Optional("controller_did")),
            MissionId = claims.Optional("mission_id")?.AsText(CstLimits.TextLengthMax),
            PolicyHash = ReadPin(claims.Optional("policy_hash_b64u")),
        };
        return read with { TokenScopeHash = TokenScopeHash.Compute(read) };
    }

    /// <summary>Reads the claims of a token, without believing it: it is signed anew for the test, as it stands.</summary>
    public static CstClaims? ReadToken(JsonCursor member, string directory, ICollection<string> files)
    {
        if (TestPath.Read(member, directory, files) is not { } path)
        {
            return null;
        }

        var unread = new List<FileFault>();
        if (SourceFile.Read(path, CstLimits.TokenLengthMax + 2, unread) is not { } content)
        {
            member.Refuse(unread[0].Fault.Message);
            return null;
        }

        var claims = CstEnvelope.Parse(Encoding.UTF8.GetString(content).Trim(), out _)?.ReadClaims(out _, out _);
        if (claims is null)
        {
            member.Refuse("the file holds no token", "as IssueCst gives it; its signature is not looked at");
        }

        return claims;
    }

    private static string? ReadDid(JsonCursor? member)
    {
        var text = member?.AsText(DidLengthMax);
        if (text is not null && !text.StartsWith("did:", StringComparison.Ordinal))
        {
            member?.Refuse("a DID is expected");
        }

        return text;
    }

    private static string? ReadPin(JsonCursor? member)
    {
        var text = member?.AsText(DidLengthMax);
        if (text is not null && !Base64UrlText.IsSha256(text))
        {
            member?.Refuse("the hash of a policy is expected", "43 base64url characters, as `clawpdp policy hash` prints them");
        }

        return text;
    }

    private static ImmutableArray<string>? ReadTexts(JsonCursor? member, int countMax, int lengthMax) =>
        member is null ? null : [.. member.AsArray(countMax, 1).Select(item => item.AsText(lengthMax)).OfType<string>()];

    private static ImmutableArray<string>? ReadScope(JsonCursor? member)
    {
        if (ReadTexts(member, CstLimits.ScopeItemCountMax, CstLimits.ScopeItemLengthMax) is not { } scope)
        {
            return null;
        }

        foreach (var fault in GrantedScope.Compile(scope, allowWildcards: true) is { IsValid: false } refused ? refused.Faults : ImmutableArray<Fault>.Empty)
        {
            member?.RefuseAt(fault.Pointer, fault.Message);
        }

        return scope;
    }
}
