using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Engine.Tests;

public sealed class DecisionOrderTests
{
    private const string OtherHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    [Fact]
    public void Decide_GrantedTool_Allows()
    {
        using var fixture = new EngineFixture();

        var decision = fixture.Ask(fixture.Sign(EngineFixture.Claims("tool:github")), "github");

        Assert.Equal((Effect.Allow, ReasonCode.Allowed), (decision.Effect, decision.Reason));
        Assert.Equal(EngineFixture.Now.AddSeconds(600), decision.CacheableUntil);
    }

    [Theory]
    [InlineData(null, ReasonCode.TokenRequired)]
    [InlineData("", ReasonCode.TokenRequired)]
    [InlineData("a.b", ReasonCode.TokenMalformed)]
    [InlineData("eyJhbGciOiJub25lIn0.e30.AAAA", ReasonCode.TokenUnsupportedAlg)]
    public void Decide_NoToken_Denies(string? token, ReasonCode reason)
    {
        using var fixture = new EngineFixture();

        var decision = fixture.Ask(token, "github");

        Assert.Equal((Effect.Deny, reason), (decision.Effect, decision.Reason));
        Assert.Null(decision.CacheableUntil);
    }

    [Fact]
    public void Decide_TokenOfAnotherKey_IsUnknown()
    {
        using var fixture = new EngineFixture();
        using var other = new EngineFixture();

        Assert.Equal(ReasonCode.TokenUnknownKid, fixture.Ask(other.Sign(EngineFixture.Claims("tool:github")), "github").Reason);
    }

    [Fact]
    public void Decide_EveryRespellingOfAToken_IsRefused()
    {
        using var fixture = new EngineFixture();
        var token = fixture.Sign(EngineFixture.Claims("tool:github"));
        Assert.Equal(Effect.Allow, fixture.Ask(token, "github").Effect);

        for (var index = 0; index < token.Length; index++)
        {
            var changed = token[..index] + (token[index] == 'A' ? 'B' : 'A') + token[(index + 1)..];

            Assert.NotEqual(Effect.Allow, fixture.Ask(changed, "github").Effect);
        }

        Assert.Equal(ReasonCode.TokenMalformed, fixture.Ask(token + "==", "github").Reason);
        Assert.Equal(ReasonCode.TokenMalformed, fixture.Ask(" " + token, "github").Reason);
    }

    [Fact]
    public void Decide_KeyPastItsEnd_DeniesEvenAKnownToken()
    {
        using var fixture = new EngineFixture(keyNotAfter: EngineFixture.Now.AddSeconds(10));
        var token = fixture.Sign(EngineFixture.Claims("tool:github"));

        Assert.Equal(Effect.Allow, fixture.Ask(token, "github", at: EngineFixture.Now.AddSeconds(10)).Effect);
        Assert.Equal(ReasonCode.TokenKidExpired, fixture.Ask(token, "github", at: EngineFixture.Now.AddSeconds(11)).Reason);
    }

    [Theory]
    [InlineData(-1, ReasonCode.TokenNotYetValid)]
    [InlineData(0, ReasonCode.Allowed)]
    [InlineData(599, ReasonCode.Allowed)]
    [InlineData(600, ReasonCode.TokenExpired)]
    public void Decide_Time_IsExactToTheSecond(int secondsAfterIssue, ReasonCode reason)
    {
        using var fixture = new EngineFixture();

        var decision = fixture.Ask(fixture.Sign(EngineFixture.Claims("tool:github")), "github", at: EngineFixture.Now.AddSeconds(secondsAfterIssue));

        Assert.Equal(reason, decision.Reason);
    }

    [Fact]
    public void Decide_AudienceElsewhere_Denies()
    {
        using var fixture = new EngineFixture();

        var decision = fixture.Ask(fixture.Sign(EngineFixture.Claims("tool:github") with { Audience = ["clawpdp2"] }), "github");

        Assert.Equal(ReasonCode.TokenBadAudience, decision.Reason);
    }

    [Fact]
    public void Decide_ScopeHash_IsRequiredAndRecomputed()
    {
        using var fixture = new EngineFixture();
        var claims = EngineFixture.Claims("tool:github");

        Assert.Equal(ReasonCode.TokenScopeHashRequired, fixture.Ask(fixture.SignAsIs(claims), "github").Reason);
        Assert.Equal(ReasonCode.TokenScopeHashMismatch, fixture.Ask(fixture.SignAsIs(claims with { TokenScopeHash = OtherHash }), "github").Reason);
    }

    [Fact]
    public void Decide_UnreadableScopeItem_IsAnInvalidClaim()
    {
        using var fixture = new EngineFixture();

        Assert.Equal(ReasonCode.TokenInvalidClaims, fixture.Ask(fixture.Sign(EngineFixture.Claims("tool:github", "egress:*.com")), "github").Reason);
    }

    [Fact]
    public void Decide_EveryKindOfRevocation_HoldsForTheNextQuestion()
    {
        var claims = EngineFixture.Claims("tool:github") with { OwnerRef = "owner", MissionId = "mission", PolicyHash = OtherHash };
        foreach (var (kind, pick) in new (RevocationKind, Func<EngineFixture, string, string>)[]
        {
            (RevocationKind.TokenHash, static (_, token) => Core.Encoding.Sha256.Hex(token)),
            (RevocationKind.TokenId, (_, _) => claims.TokenId ?? ""),
            (RevocationKind.Subject, (_, _) => claims.Subject),
            (RevocationKind.Owner, static (_, _) => "owner"),
            (RevocationKind.KeyId, static (fixture, _) => fixture.KeyId),
            (RevocationKind.PolicyHash, static (_, _) => OtherHash),
            (RevocationKind.Mission, static (_, _) => "mission"),
        })
        {
            using var fixture = new EngineFixture();
            var token = fixture.Sign(claims);
            Assert.Equal(ReasonCode.PolicyMissing, fixture.Ask(token, "github").Reason);

            fixture.Revocations.Revoke(kind, pick(fixture, token));

            Assert.Equal(ReasonCode.TokenRevoked, fixture.Ask(token, "github").Reason);
        }
    }

    [Theory]
    [InlineData(0, ReasonCode.Allowed)]
    [InlineData(1, ReasonCode.TokenRevoked)]
    public void Decide_IssuedBefore_CutsAtTheSecond(int secondsAfterIssue, ReasonCode reason)
    {
        using var fixture = new EngineFixture();
        fixture.Revocations.RevokeIssuedBefore(EngineFixture.Now.ToUnixTimeSeconds() + secondsAfterIssue);

        Assert.Equal(reason, fixture.Ask(fixture.Sign(EngineFixture.Claims("tool:github")), "github").Reason);
    }

    [Fact]
    public void Decide_NoPolicyInForce_DeniesPinsNamesAndRequirement()
    {
        using var fixture = new EngineFixture();
        using var strict = new EngineFixture(policyRequired: true);
        var claims = EngineFixture.Claims("tool:github");

        Assert.Equal(ReasonCode.PolicyMissing, fixture.Ask(fixture.Sign(claims with { PolicyHash = OtherHash }), "github").Reason);
        Assert.Equal(ReasonCode.PolicyMissing, fixture.Ask(fixture.Sign(claims), "github", policyHash: OtherHash).Reason);
        Assert.Equal(ReasonCode.PolicyHashInvalid, fixture.Ask(fixture.Sign(claims), "github", policyHash: OtherHash + "=").Reason);
        Assert.Equal(ReasonCode.PolicyMissing, strict.Ask(strict.Sign(claims), "github").Reason);
    }

    [Fact]
    public void Decide_PolicyInForce_PinAndNameMustBeIt()
    {
        var policy = EngineFixture.Policy("");
        using var fixture = new EngineFixture(policy);
        var claims = EngineFixture.Claims("tool:github");
        var pinned = fixture.Sign(claims with { PolicyHash = policy.PolicyHash });

        Assert.Equal(Effect.Allow, fixture.Ask(pinned, "github", policyHash: policy.PolicyHash).Effect);
        Assert.Equal(ReasonCode.PolicyHashMismatch, fixture.Ask(pinned, "github", policyHash: OtherHash).Reason);
        Assert.Equal(ReasonCode.PolicyHashMismatch, fixture.Ask(fixture.Sign(claims with { PolicyHash = OtherHash }), "github").Reason);

        fixture.States.Publish(state => state with { Policies = EngineFixture.Table(EngineFixture.Policy(""","allowed_models":["x"]""")) });

        Assert.Equal(ReasonCode.PolicyHashMismatch, fixture.Ask(pinned, "github").Reason);
    }

    [Theory]
    [InlineData("gitlab", null, null, ReasonCode.ToolNotAllowed, Dimension.Tool)]
    [InlineData("git hub", null, null, ReasonCode.ToolInvalid, Dimension.Tool)]
    [InlineData(null, "gpt-5", null, ReasonCode.ModelNotAllowed, Dimension.Model)]
    [InlineData(null, "gpt-*", null, ReasonCode.ModelInvalid, Dimension.Model)]
    [InlineData(null, null, "b.example.com", ReasonCode.EgressNotAllowed, Dimension.Host)]
    [InlineData(null, null, "127.1", ReasonCode.HostInvalid, Dimension.Host)]
    [InlineData(null, null, "[", ReasonCode.HostInvalid, Dimension.Host)]
    [InlineData(null, null, null, ReasonCode.RequestInvalid, Dimension.Unspecified)]
    [InlineData("github", "gpt-4o", "a.example.com", ReasonCode.Allowed, Dimension.Unspecified)]
    public void Decide_Dimensions_EachMustBeGranted(string? tool, string? model, string? host, ReasonCode reason, Dimension dimension)
    {
        using var fixture = new EngineFixture();
        var token = fixture.Sign(EngineFixture.Claims("tool:github", "model:gpt-4o", "egress:a.example.com"));

        var decision = fixture.Ask(token, tool, model, host);

        Assert.Equal((reason, dimension), (decision.Reason, decision.Dimension));
    }

    [Theory]
    [InlineData("gpt-4o", null, ReasonCode.PolicyProviderNotAllowed)]
    [InlineData("gpt-4o", "OpenAI", ReasonCode.PolicyProviderNotAllowed)]
    [InlineData("gpt-4o", "openai", ReasonCode.Allowed)]
    [InlineData("gpt-5", "openai", ReasonCode.PolicyModelNotAllowed)]
    public void Decide_PolicyModels_ProviderAndModelMustPass(string model, string? provider, ReasonCode reason)
    {
        using var fixture = new EngineFixture(EngineFixture.Policy(""","allowed_providers":["openai"],"allowed_models":["GPT-4*"]"""));

        var decision = fixture.Ask(fixture.Sign(EngineFixture.Claims("model:gpt-*")), model: model, provider: provider);

        Assert.Equal(reason, decision.Reason);
    }

    [Fact]
    public void Decide_PolicyEgress_IsCheckedBeyondTheScope()
    {
        using var fixture = new EngineFixture(EngineFixture.Policy(""","egress_allowlist":["a.example.com"]"""));
        var token = fixture.Sign(EngineFixture.Claims("egress:*.example.com"));

        Assert.Equal(Effect.Allow, fixture.Ask(token, host: "A.example.com.").Effect);
        Assert.Equal((ReasonCode.PolicyViolation, Dimension.Host), (fixture.Ask(token, host: "b.example.com").Reason, fixture.Ask(token, host: "b.example.com").Dimension));
    }

    [Fact]
    public void Decide_EarlierCheck_GivesTheReason()
    {
        using var fixture = new EngineFixture();
        var token = fixture.Sign(EngineFixture.Claims("tool:github") with { PolicyHash = OtherHash });
        fixture.Revocations.Revoke(RevocationKind.Subject, EngineFixture.Agent);

        Assert.Equal(ReasonCode.TokenExpired, fixture.Ask(token, "no such", at: EngineFixture.Now.AddHours(1)).Reason);
        Assert.Equal(ReasonCode.TokenRevoked, fixture.Ask(token, "no such").Reason);
    }
}
