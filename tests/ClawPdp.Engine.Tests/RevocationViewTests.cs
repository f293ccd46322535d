using System.Globalization;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Engine.Tests;

public sealed class RevocationViewTests
{
    private static readonly DateTimeOffset Now = EngineFixture.Now;

    [Fact]
    public void DropExpired_AtTheEnd_DropsThatAloneAndKeepsWhatNeverEnds()
    {
        var view = new RevocationView();
        view.Revoke(RevocationKind.TokenId, "ends", Now);
        view.Revoke(RevocationKind.TokenId, "later", Now.AddTicks(1));
        view.Revoke(RevocationKind.Subject, "never");

        Assert.Equal(1, view.DropExpired(Now));

        Assert.False(view.Names(RevocationKind.TokenId, "ends"));
        Assert.True(view.Names(RevocationKind.TokenId, "later"));
        Assert.True(view.Names(RevocationKind.Subject, "never"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Revoke_AgainForLonger_LastsLonger(bool forever)
    {
        var view = new RevocationView();
        view.Revoke(RevocationKind.TokenId, "jti", Now);
        view.Revoke(RevocationKind.TokenId, "jti", forever ? null : Now.AddDays(1));
        view.Revoke(RevocationKind.TokenId, "jti", Now.AddHours(1));

        view.DropExpired(Now.AddHours(2));
        Assert.True(view.Names(RevocationKind.TokenId, "jti"));

        view.DropExpired(Now.AddDays(1));
        Assert.Equal(forever, view.Names(RevocationKind.TokenId, "jti"));
    }

    [Fact]
    public void Revoke_SameValueOfAnotherKind_NamesThatKindAlone()
    {
        var view = new RevocationView();
        view.Revoke(RevocationKind.TokenId, "value");

        Assert.All(
            Enum.GetValues<RevocationKind>().Where(static kind => kind is not (RevocationKind.Unspecified or RevocationKind.IssuedBefore)),
            kind => Assert.Equal(kind == RevocationKind.TokenId, view.Names(kind, "value")));
        Assert.False(view.Names(RevocationKind.TokenId, "value "));
        Assert.False(view.Names(RevocationKind.TokenId, "Value"));
    }

    [Fact]
    public void Revoke_VeryManyAndLong_AreAllFoundAndNothingElse()
    {
        var view = new RevocationView();
        for (var number = 0; number < 20_000; number++)
        {
            view.Revoke(RevocationKind.TokenId, number.ToString(CultureInfo.InvariantCulture));
        }

        view.Revoke(RevocationKind.Subject, new string('ä', 5_000));

        Assert.All(Enumerable.Range(0, 20_000), number => Assert.True(view.Names(RevocationKind.TokenId, number.ToString(CultureInfo.InvariantCulture))));
        Assert.All(Enumerable.Range(20_000, 20_000), number => Assert.False(view.Names(RevocationKind.TokenId, number.ToString(CultureInfo.InvariantCulture))));
        Assert.True(view.Names(RevocationKind.Subject, new string('ä', 5_000)));
        Assert.False(view.Names(RevocationKind.Subject, new string('ä', 4_999)));
        Assert.Equal(20_001, view.Count);
    }

    [Theory]
    [InlineData(0, ReasonCode.Allowed)]
    [InlineData(30, ReasonCode.Allowed)]
    [InlineData(31, ReasonCode.RevocationViewStale)]
    public void Decide_ViewFromElsewhere_CountsWhileItIsYoungEnough(int ageSeconds, ReasonCode reason)
    {
        using var fixture = new EngineFixture();
        var view = new RevocationView(TimeSpan.FromSeconds(30));
        var engine = new DecisionEngine(fixture.States, view, fixture.Lineages);
        var question = new Question { Token = fixture.Sign(EngineFixture.Claims("tool:github")), Tool = "github" };

        Assert.Equal(ReasonCode.RevocationViewStale, engine.Decide(question, Now, out _).Reason);
        view.Confirm(Now.AddSeconds(-ageSeconds));
        view.Confirm(Now.AddSeconds(-ageSeconds - 100));
        var decision = engine.Decide(question, Now, out _);

        Assert.Equal(reason, decision.Reason);
        Assert.Equal(TimeSpan.FromSeconds(ageSeconds), decision.RevocationViewAge);
    }

    [Fact]
    public void Decide_StaleViewThatNamesTheToken_SaysRevoked()
    {
        using var fixture = new EngineFixture();
        var view = new RevocationView(TimeSpan.FromSeconds(30));
        var engine = new DecisionEngine(fixture.States, view, fixture.Lineages);
        view.Revoke(RevocationKind.Subject, EngineFixture.Agent);

        Assert.Equal(ReasonCode.TokenRevoked, engine.Decide(new Question { Token = fixture.Sign(EngineFixture.Claims("tool:github")), Tool = "github" }, Now, out _).Reason);
    }

    [Fact]
    public void IsStaleAt_OwnView_Never()
    {
        var view = new RevocationView();

        Assert.False(view.IsStaleAt(DateTimeOffset.MaxValue));
        Assert.Equal(TimeSpan.Zero, view.AgeAt(Now));
    }
}
