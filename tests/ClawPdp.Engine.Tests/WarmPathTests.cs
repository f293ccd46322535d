using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Tests;

/// <summary>A token that was seen before: found by its whole text alone, with the keys that verified it, without allocating.</summary>
public sealed class WarmPathTests : IDisposable
{
    private const int Rounds = 1_000;
    private const int AttemptsMax = 200;

    private const string Statements = """
        {"policy_version":"2","policy_id":"p","issuer_did":"did:web:example.com","statements":[
          {"sid":"tools","effect":"Allow","actions":["tool:execute"],"resources":["github/**","argo-cd"]},
          {"sid":"models","effect":"Allow","actions":["model:invoke"],"resources":["gpt-*"]},
          {"sid":"hosts","effect":"Allow","actions":["side_effect:network_egress"],"resources":["*.github.com"],"conditions":{"NumericLessThan":{"Context:Hour":"23"}}},
          {"sid":"never","effect":"Deny","actions":["tool:execute"],"resources":["github/delete"]}]}
        """;

    private readonly EngineFixture _fixture = new(WpcLoader.Load(Encoding.UTF8.GetBytes(Statements)).Value);

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("github/create_issue", "", "", Effect.Allow)]
    [InlineData("github/create_issue", "gpt-4o", "api.github.com", Effect.Allow)]
    [InlineData("github/delete", "", "", Effect.Deny)]
    [InlineData("secrets", "", "", Effect.Deny)]
    [InlineData("", "claude", "", Effect.Deny)]
    [InlineData("", "", "example.com", Effect.Deny)]
    public void Decide_KnownToken_AllocatesNothing(string tool, string model, string host, Effect expected)
    {
        var token = Encoding.ASCII.GetBytes(Token());
        var remembered = new Question { Token = PresentedToken.FromBytes(token, new TokenMemo()), Tool = tool, Model = model, Host = host };
        var cached = remembered with { Token = PresentedToken.FromBytes(token, memo: null) };
        var text = remembered with { Token = Token() };

        Assert.Equal(expected, Decide(text).Effect);
        Assert.Equal([0, 0, 0], [AllocatedBy(remembered), AllocatedBy(cached), AllocatedBy(text)]);
    }

    [Fact]
    public void Decide_SignatureOfAnotherToken_IsVerifiedAfreshAndDenied()
    {
        var memo = new TokenMemo();
        var good = Token();
        var wider = _fixture.Sign(EngineFixture.Claims("tool:*"));
        var forged = wider[..wider.LastIndexOf('.')] + good[good.LastIndexOf('.')..];
        Assert.Equal(Effect.Allow, Decide(Of(good, memo)).Effect);

        Assert.Equal(ReasonCode.TokenSignatureInvalid, Decide(Of(forged, memo)).Reason);
        Assert.Equal(ReasonCode.TokenSignatureInvalid, Decide(Of(forged, memo: null)).Reason);
        Assert.Equal(Effect.Allow, Decide(Of(good, memo)).Effect);
    }

    [Fact]
    public void Decide_EveryBitOfAKnownTokenChanged_IsAnotherToken()
    {
        var memo = new TokenMemo();
        var good = Encoding.ASCII.GetBytes(Token());
        Assert.Equal(Effect.Allow, Decide(Of(good, memo)).Effect);

        for (var place = 0; place < good.Length * 8; place++)
        {
            var changed = good.ToArray();
            changed[place / 8] ^= (byte)(1 << (place % 8));

            Assert.NotEqual(Effect.Allow, Decide(Of(changed, memo)).Effect);
        }
    }

    [Fact]
    public void Decide_OtherKeys_ForgetTheToken()
    {
        var memo = new TokenMemo();
        var good = Token();
        Assert.Equal(Effect.Allow, Decide(Of(good, memo)).Effect);

        _fixture.States.Publish(static state => state with { Keys = new KeySet([], EngineFixture.Now) });

        Assert.Equal(ReasonCode.TokenUnknownKid, Decide(Of(good, memo)).Reason);
    }

    [Fact]
    public void Decide_KeyThatEnds_EndsTheRememberedTokenToo()
    {
        using var fixture = new EngineFixture(keyNotAfter: EngineFixture.Now.AddSeconds(10));
        var question = Of(fixture.Sign(EngineFixture.Claims("tool:github/*")), new TokenMemo());

        Assert.Equal(Effect.Allow, fixture.Engine.Decide(question, EngineFixture.Now.AddSeconds(10), out _).Effect);
        Assert.Equal(ReasonCode.TokenKidExpired, fixture.Engine.Decide(question, EngineFixture.Now.AddSeconds(11), out _).Reason);
    }

    [Fact]
    public void Decide_RevokedTokenInAMemo_IsDeniedAtOnce()
    {
        var memo = new TokenMemo();
        var good = Token();
        Assert.Equal(Effect.Allow, Decide(Of(good, memo)).Effect);

        _fixture.Revocations.Revoke(Revocations.RevocationKind.TokenHash, Core.Encoding.Sha256.Hex(good));

        Assert.Equal(ReasonCode.TokenRevoked, Decide(Of(good, memo)).Reason);
    }

    [Fact]
    public void Decide_MoreTokensThanAreHeld_StillAnswersEach()
    {
        var cache = new TokenCache();
        var verified = TokenVerifier.Verify(Token(), _fixture.States.Current.Keys, _fixture.Lineages, EngineFixture.Now).Token;
        Assert.NotNull(verified);
        var known = Enumerable.Range(0, 3 * TokenCache.GenerationCountMax)
            .Select(number => new KnownToken(Encoding.ASCII.GetBytes($"{number:D100}"), verified, _fixture.States.Current.Keys.Id)).ToList();

        known.ForEach(cache.Add);

        var held = known.Count(token => ReferenceEquals(cache.Find(token.Text), token));
        Assert.InRange(held, TokenCache.GenerationCountMax - 1, (2 * TokenCache.GenerationCountMax) + 1);
        Assert.Same(known[^1], cache.Find(known[^1].Text));
    }

    [Fact]
    public async Task Decide_ManyTokensOverOneMemoAtOnce_EachGetsItsOwnAnswer()
    {
        var memo = new TokenMemo();
        var reading = Of(_fixture.Sign(EngineFixture.Claims("tool:github/read")), memo) with { Tool = "github/read" };
        var writing = Of(_fixture.Sign(EngineFixture.Claims("tool:github/write")), memo) with { Tool = "github/read" };

        await Parallel.ForAsync(0, 4, TestContext.Current.CancellationToken, (worker, _) =>
        {
            for (var turn = 0; turn < 20_000; turn++)
            {
                var isReading = (turn + worker) % 2 == 0;
                Assert.Equal(isReading ? Effect.Allow : Effect.Deny, Decide(isReading ? reading : writing).Effect);
            }

            return ValueTask.CompletedTask;
        });
    }

    private static Question Of(string token, TokenMemo? memo) => Of(Encoding.ASCII.GetBytes(token), memo);

    private static Question Of(byte[] token, TokenMemo? memo) => new() { Token = PresentedToken.FromBytes(token, memo), Tool = "github/create_issue" };

    private string Token() => _fixture.Sign(EngineFixture.Claims("tool:github/*", "tool:argo-cd", "model:gpt-*", "egress:*.github.com"));

    private Decision Decide(Question question) => _fixture.Engine.Decide(question, EngineFixture.Now, out _);

    // What runs at first is code that is not optimised yet, and boxes; when it is replaced is for the runtime to say.
    private long AllocatedBy(Question question)
    {
        var allocated = long.MaxValue;
        for (var attempt = 0; attempt < AttemptsMax && allocated > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < Rounds; round++)
            {
                Decide(question);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return allocated;
    }
}
