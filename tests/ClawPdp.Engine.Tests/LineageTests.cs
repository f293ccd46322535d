using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Tests;

public sealed class LineageTests : IDisposable
{
    private static readonly AncestorToken Parent = new()
    {
        TokenHash = "aa",
        TokenId = "parent-jti",
        Subject = "did:web:parent",
        OwnerRef = "parent-owner",
        OwnerDid = "did:web:owner",
        KeyId = "parent-kid",
        PolicyHash = "parent-policy",
        MissionId = "parent-mission",
        IssuedAt = EngineFixture.Now.ToUnixTimeSeconds() - 100,
    };

    private static readonly AncestorToken Grandparent = new() { TokenHash = "bb", Subject = "did:web:grandparent", KeyId = "kid", IssuedAt = EngineFixture.Now.ToUnixTimeSeconds() - 200 };

    private readonly EngineFixture _fixture = new();
    private readonly string _child;

    public LineageTests()
    {
        _child = _fixture.Sign(ChildClaims());
        _fixture.Lineages.Add(Sha256.Hex(_child), Parent, Grandparent);
    }

    public void Dispose() => _fixture.Dispose();

    public static TheoryData<RevocationKind, string> Targets => new()
    {
        { RevocationKind.TokenHash, "aa" },
        { RevocationKind.TokenId, "parent-jti" },
        { RevocationKind.Subject, "did:web:parent" },
        { RevocationKind.Owner, "parent-owner" },
        { RevocationKind.Owner, "did:web:owner" },
        { RevocationKind.KeyId, "parent-kid" },
        { RevocationKind.PolicyHash, "parent-policy" },
        { RevocationKind.Mission, "parent-mission" },
        { RevocationKind.TokenHash, "bb" },
        { RevocationKind.Subject, "did:web:grandparent" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void Decide_AnAncestorIsRevoked_TheChildDiesWithTheNextQuestion(RevocationKind kind, string value)
    {
        Assert.Equal(ReasonCode.Allowed, _fixture.Ask(_child, "github").Reason);

        _fixture.Revocations.Revoke(kind, value);

        Assert.Equal(ReasonCode.TokenRevoked, _fixture.Ask(_child, "github").Reason);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Decide_AnotherValueIsRevoked_TheChildLives(RevocationKind kind, string value)
    {
        _fixture.Revocations.Revoke(kind, value + "x");
        _fixture.Revocations.Revoke(kind == RevocationKind.Mission ? RevocationKind.Subject : RevocationKind.Mission, value);

        Assert.Equal(ReasonCode.Allowed, _fixture.Ask(_child, "github").Reason);
    }

    [Theory]
    [InlineData(-200, ReasonCode.Allowed)]
    [InlineData(-199, ReasonCode.TokenRevoked)]
    public void Decide_AnAncestorWasIssuedBefore_TheChildDies(int seconds, ReasonCode reason)
    {
        _fixture.Revocations.RevokeIssuedBefore(EngineFixture.Now.ToUnixTimeSeconds() + seconds);

        Assert.Equal(reason, _fixture.Ask(_child, "github").Reason);
    }

    [Fact]
    public void Decide_ParentsNotKnown_DeniesUntilTheyAre()
    {
        var orphan = _fixture.Sign(ChildClaims() with { TokenId = "another" });

        Assert.Equal(ReasonCode.TokenDelegationBindingInvalid, _fixture.Ask(orphan, "github").Reason);

        _fixture.Lineages.Add(Sha256.Hex(orphan), Parent);

        Assert.Equal(ReasonCode.Allowed, _fixture.Ask(orphan, "github").Reason);
    }

    [Fact]
    public void Decide_SameTokenAgain_AsksForItsParentsOnce()
    {
        _fixture.Ask(_child, "github");
        _fixture.Ask(_child, "github");
        _fixture.Ask(_fixture.Sign(EngineFixture.Claims("tool:github")), "github");

        Assert.Equal(1, _fixture.Lineages.AskedCount);
    }

    private static CstClaims ChildClaims() => EngineFixture.Claims("tool:github") with
    {
        OwnerDid = "did:web:parent",
        ControllerDid = "did:web:parent",
        AgentDid = EngineFixture.Agent,
        DelegationId = "dlg_1",
        DelegatorDid = "did:web:parent",
        DelegateDid = EngineFixture.Agent,
        DelegationExpiresAt = EngineFixture.Now.ToUnixTimeSeconds() + 600,
        TokenLane = "canonical",
    };
}
