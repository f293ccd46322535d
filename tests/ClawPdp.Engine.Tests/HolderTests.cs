using ClawPdp.Core.Decisions;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Holders;
using ClawPdp.Engine.Listings;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Tests;

/// <summary>A token that is bound to a holder is of use to that one alone.</summary>
public sealed class HolderTests : IDisposable
{
    private const string Target = "http://127.0.0.1:7180/clawpdp.v1.DecisionService/Authorize";

    private static readonly DateTimeOffset Now = EngineFixture.Now;

    private readonly EngineFixture _fixture = new();
    private readonly ProofRules _rules = new(TimeSpan.FromSeconds(60), Now - TimeSpan.FromHours(1));
    private readonly HolderPen _edwards = HolderPen.Ed25519();
    private readonly HolderPen _curve = HolderPen.P256();

    public void Dispose()
    {
        _fixture.Dispose();
        _edwards.Dispose();
        _curve.Dispose();
    }

    [Theory]
    [InlineData(1001U, 1001U, ReasonCode.Allowed)]
    [InlineData(0U, 0U, ReasonCode.Allowed)]
    [InlineData(1001U, 1000U, ReasonCode.TokenProofInvalid)]
    [InlineData(1001U, 0U, ReasonCode.TokenProofInvalid)]
    [InlineData(0U, 1001U, ReasonCode.TokenProofInvalid)]
    [InlineData(1001U, null, ReasonCode.TokenProofRequired)]
    public void Decide_BoundToAUser_IsForThatUserAlone(uint holder, uint? caller, ReasonCode expected)
    {
        var token = Bound(TokenHolder.OfUser(holder));
        var bytes = System.Text.Encoding.ASCII.GetBytes(token);

        Assert.Equal(expected, Ask(PresentedToken.FromString(token).ShownWith(new HolderEvidence(_rules) { PeerUserId = caller })));
        Assert.Equal(expected, Ask(PresentedToken.FromBytes(bytes, new TokenMemo { PeerUserId = caller })));
    }

    [Fact]
    public void Decide_Bound_WithNothingShown_IsDeniedHoweverOftenItWasSeen()
    {
        var byUser = Bound(TokenHolder.OfUser(1001));
        var byKey = Bound(_edwards.Holder);
        Assert.Equal(ReasonCode.Allowed, Ask(PresentedToken.FromString(byUser).ShownWith(new HolderEvidence(_rules) { PeerUserId = 1001 })));
        Assert.Equal(ReasonCode.Allowed, Ask(Shown(byKey, _edwards.Prove(byKey, Target, Now))));

        Assert.Equal(ReasonCode.TokenProofRequired, Ask(byUser));
        Assert.Equal(ReasonCode.TokenProofRequired, Ask(byKey));
        Assert.Equal(ReasonCode.TokenProofRequired, Ask(Shown(byKey)));
    }

    [Fact]
    public void Decide_BoundToAKey_TakesNoUser() =>
        Assert.Equal(ReasonCode.TokenProofRequired, Ask(PresentedToken.FromString(Bound(_edwards.Holder)).ShownWith(new HolderEvidence(_rules) { PeerUserId = 0 })));

    [Fact]
    public void Decide_BoundToAUser_TakesNoProof()
    {
        var token = Bound(TokenHolder.OfUser(1001));

        Assert.Equal(ReasonCode.TokenProofRequired, Ask(Shown(token, _edwards.Prove(token, Target, Now))));
    }

    [Fact]
    public void Decide_Unbound_AsksForNothing()
    {
        var token = Bound(holder: null);

        Assert.Equal(ReasonCode.Allowed, Ask(token));
        Assert.Equal(ReasonCode.Allowed, Ask(Shown(token, "nonsense")));
    }

    [Fact]
    public void Decide_BothKindsOfKeys_AreTaken()
    {
        foreach (var pen in new[] { _edwards, _curve })
        {
            var token = Bound(pen.Holder);

            Assert.Equal(ReasonCode.Allowed, Ask(Shown(token, pen.Prove(token, Target, Now))));
        }
    }

    [Fact]
    public void Decide_EveryBitOfAProofChanged_IsDenied()
    {
        foreach (var pen in new[] { _edwards, _curve })
        {
            var token = Bound(pen.Holder);
            var proof = pen.Prove(token, Target, Now);
            for (var index = 0; index < proof.Length; index += pen == _edwards ? 1 : 7)
            {
                var changed = proof[..index] + (char)(proof[index] ^ 1) + proof[(index + 1)..];
                Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(token, changed)));
            }

            // None of them used it up.
            Assert.Equal(ReasonCode.Allowed, Ask(Shown(token, proof)));
        }
    }

    [Fact]
    public void Decide_AProofOfAnotherKey_IsDenied()
    {
        var token = Bound(_edwards.Holder);
        using var other = HolderPen.Ed25519();

        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(token, other.Prove(token, Target, Now))));
        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(token, _curve.Prove(token, Target, Now))));
        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(token, other.Prove(token, Target, Now, shownAs: _edwards))));
    }

    [Fact]
    public void Decide_AProofForAnotherToken_IsDenied()
    {
        var token = Bound(_edwards.Holder);
        var other = Bound(_edwards.Holder, "tool:argo-cd");

        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(token, _edwards.Prove(other, Target, Now))));
        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(token, _edwards.Prove(token: null, Target, Now))));
        Assert.Equal(ReasonCode.Allowed, Ask(Shown(token, _edwards.Prove(other, Target, Now), _edwards.Prove(token, Target, Now))));
    }

    [Theory]
    [InlineData(Target, true)]
    [InlineData("HTTP://127.0.0.1:7180/clawpdp.v1.DecisionService/Authorize", true)]
    [InlineData(Target + "?x=1#y", true)]
    [InlineData("https://127.0.0.1:7180/clawpdp.v1.DecisionService/Authorize", false)]
    [InlineData("http://127.0.0.1:7181/clawpdp.v1.DecisionService/Authorize", false)]
    [InlineData("http://127.0.0.1/clawpdp.v1.DecisionService/Authorize", false)]
    [InlineData("http://localhost:7180/clawpdp.v1.DecisionService/Authorize", false)]
    [InlineData("http://a@127.0.0.1:7180/clawpdp.v1.DecisionService/Authorize", false)]
    [InlineData("http://127.0.0.1:7180/clawpdp.v1.DecisionService/authorize", false)]
    [InlineData("http://127.0.0.1:7180/clawpdp.v1.DecisionService/Authorize/", false)]
    [InlineData("/clawpdp.v1.DecisionService/Authorize", false)]
    [InlineData("file:///clawpdp.v1.DecisionService/Authorize", false)]
    public void Decide_AProofIsForOneRequest(string target, bool expected)
    {
        var token = Bound(_edwards.Holder);

        Assert.Equal(expected ? ReasonCode.Allowed : ReasonCode.TokenProofInvalid, Ask(Shown(token, _edwards.Prove(token, target, Now))));
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("GET", false)]
    [InlineData("post", false)]
    public void Decide_AProofIsForOneMethod(string method, bool expected)
    {
        var token = Bound(_edwards.Holder);

        Assert.Equal(expected ? ReasonCode.Allowed : ReasonCode.TokenProofInvalid, Ask(Shown(token, _edwards.Prove(token, Target, Now, method))));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-60_000, true)]
    [InlineData(-60_001, false)]
    [InlineData(5_000, true)]
    [InlineData(5_001, false)]
    public void Decide_AProofIsOfNow(int milliseconds, bool expected)
    {
        var token = Bound(_edwards.Holder);
        var proof = _edwards.Prove(token, Target, Now + TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(expected ? ReasonCode.Allowed : ReasonCode.TokenProofInvalid, Ask(Shown(token, proof)));
    }

    [Fact]
    public void Decide_AProof_CountsForOneCallAndAllItsQuestions()
    {
        var token = Bound(_edwards.Holder);
        var proof = _edwards.Prove(token, Target, Now);
        var call = Shown(token, proof);

        Assert.Equal(ReasonCode.Allowed, Ask(call));
        Assert.Equal(ReasonCode.Allowed, Ask(call));
        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(token, proof)));
        Assert.Equal(ReasonCode.Allowed, Ask(call));
    }

    [Fact]
    public void Decide_ManyAtOnceWithOneProof_OneCallIsAllowed()
    {
        var token = Bound(_edwards.Holder);
        var proof = _edwards.Prove(token, Target, Now);
        var allowed = 0;

        Parallel.For(0, 64, _ =>
        {
            if (Ask(Shown(token, proof)) == ReasonCode.Allowed)
            {
                Interlocked.Increment(ref allowed);
            }
        });

        Assert.Equal(1, allowed);
    }

    [Fact]
    public void FindFault_AfterARestart_AProofOfBeforeMayHaveBeenUsed()
    {
        var token = Bound(_edwards.Holder);
        var fresh = new ProofRules(TimeSpan.FromSeconds(60), Now);

        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(fresh, token, _edwards.Prove(token, Target, Now - TimeSpan.FromMilliseconds(1)))));
        Assert.Equal(ReasonCode.Allowed, Ask(Shown(fresh, token, _edwards.Prove(token, Target, Now))));
    }

    [Fact]
    public void FindFault_AsTimePasses_NoProofEverCountsTwice()
    {
        // Every quarter of a second one is used; each is tried again until it is too old, across the turns of the memory.
        var token = Bound(_edwards.Holder);
        var rules = new ProofRules(TimeSpan.FromSeconds(2), Now);
        var used = new List<string>();
        for (var at = Now; at < Now + TimeSpan.FromSeconds(30); at += TimeSpan.FromMilliseconds(250))
        {
            var proof = _edwards.Prove(token, Target, at + TimeSpan.FromSeconds(4));
            Assert.Equal(ReasonCode.Allowed, Ask(Shown(rules, token, proof), at));
            used.Add(proof);
            Assert.All(used.TakeLast(32), again => Assert.Equal(ReasonCode.TokenProofInvalid, Ask(Shown(rules, token, again), at)));
        }
    }

    [Fact]
    public void Decide_ACallThatShowsItsTokenLate_IsTooLate()
    {
        // The proof was used; by then its use is forgotten, as it could not hold any more.
        var token = Bound(_edwards.Holder);
        var proof = _edwards.Prove(token, Target, Now);
        var late = Shown(token, proof);
        Assert.Equal(ReasonCode.Allowed, Ask(Shown(token, proof)));
        for (var passed = 70; passed <= 280; passed += 70)
        {
            var at = Now + TimeSpan.FromSeconds(passed);
            Assert.Equal(ReasonCode.Allowed, Ask(Shown(token, _edwards.Prove(token, Target, at)), at));
        }

        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(late, Now + TimeSpan.FromSeconds(281)));

        // Nor does a question count whose instant was long ago when it is looked at.
        Assert.Equal(ReasonCode.TokenProofInvalid, Ask(late, Now + TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Decide_ACallThatProvedItsKey_GoesOnWithoutAnother()
    {
        var token = Bound(_edwards.Holder);
        var call = Shown(token, _edwards.Prove(token, Target, Now));

        Assert.Equal(ReasonCode.Allowed, Ask(call));
        Assert.Equal(ReasonCode.Allowed, Ask(call, Now + TimeSpan.FromSeconds(500)));
    }

    [Fact]
    public void List_Bound_IsForItsHolderAlone()
    {
        var token = Bound(_edwards.Holder);
        var question = new ListingQuestion { Token = token, Kind = Dimension.Tool };

        Assert.Equal(ReasonCode.TokenProofRequired, _fixture.Engine.List(question, Now, out _).Reason);
        Assert.Equal(ReasonCode.Allowed, _fixture.Engine.List(question with { Token = Shown(token, _edwards.Prove(token, Target, Now)) }, Now, out _).Reason);
    }

    [Fact]
    public void Inspect_Bound_AsksForNoProofAndNamesTheHolder()
    {
        var token = Bound(_edwards.Holder);

        Assert.Equal(ReasonCode.Allowed, _fixture.Engine.Inspect(token, Now).Reason);
        Assert.Equal(_edwards.Holder, _fixture.Engine.Inspect(token, Now).Token?.Holder);
        Assert.Equal(ReasonCode.TokenProofRequired, _fixture.Engine.Examine(token, Now).Reason);
    }

    [Fact]
    public void Decide_Bound_SaysSoInTheTrace()
    {
        var trace = new DecisionTrace();
        _ = _fixture.Engine.Decide(new Question { Token = Bound(_edwards.Holder), Tool = "github" }, Now, out _, trace);

        Assert.Contains(trace.Checks, static check => check is { Check: "holder", Reason: ReasonCode.TokenProofRequired });
    }

    private string Bound(TokenHolder? holder, string scope = "tool:github") => _fixture.Sign(EngineFixture.Claims(scope), holder);

    private PresentedToken Shown(string token, params string[] proofs) => Shown(_rules, token, proofs);

    private static PresentedToken Shown(ProofRules rules, string token, params string[] proofs) =>
        PresentedToken.FromString(token).ShownWith(new HolderEvidence(rules) { Proofs = [.. proofs], Method = "POST", Target = Target });

    private ReasonCode Ask(PresentedToken token, DateTimeOffset? at = null) =>
        _fixture.Engine.Decide(new Question { Token = token, Tool = "github" }, at ?? Now, out _).Reason;
}
