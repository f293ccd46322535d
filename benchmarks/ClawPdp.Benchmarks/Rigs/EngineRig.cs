using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Benchmarks.Rigs;

/// <summary>An engine with one token key and one policy, and tokens that are signed with the key. What the engine is asked with stands here alone.</summary>
internal sealed class EngineRig : IDisposable
{
    public const string Tool = "github";
    public const string Audience = "clawpdp";
    private const string Agent = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PurposeKey _key = new(KeyPurpose.Token, Ed25519SigningKey.Generate());
    private readonly DecisionEngine _engine;

    public EngineRig(int statements)
    {
        Keys = NewKeys();
        var states = new EngineStateStore(new EngineState
        {
            Epoch = 1,
            Keys = Keys,
            Policies = TableOf(PolicyOf(statements)),
            PolicyRequired = true,
            Audiences = [Audience],
        });
        _engine = new DecisionEngine(states, Revocations, Lineages);
    }

    public DecisionEngine Engine => _engine;

    public RevocationView Revocations { get; } = new();

    public UncheckedLineages Lineages { get; } = new();

    public KeySet Keys { get; }

    public Ed25519PublicKey PublicKey => _key.PublicKey;

    public void Dispose() => _key.Dispose();

    /// <summary>Gives the key set anew, without a token in its cache.</summary>
    public KeySet NewKeys() => new([new VerificationKey(_key.PublicKey, null)], Now);

    /// <summary>Signs a token that grants the tool, and as many further items as asked for before it.</summary>
    public string Sign(int scopeItems, int number = 0)
    {
        var claims = new CstClaims
        {
            Subject = Agent,
            Audience = [Audience],
            Scope = [.. Enumerable.Range(1, scopeItems - 1).Select(static item => string.Create(CultureInfo.InvariantCulture, $"tool:another-tool-{item}")), "tool:" + Tool],
            IssuedAt = Now.ToUnixTimeSeconds(),
            ExpiresAt = Now.ToUnixTimeSeconds() + 600,
            TokenId = new Guid(number, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 1).ToString(),
        };
        return CstWriter.Write(claims with { TokenScopeHash = TokenScopeHash.Compute(claims) }, _key.PublicKey.KeyId, holder: null, _key.SignToken);
    }

    public static Question QuestionOf(string token, string tool = Tool) => new() { Token = token, Tool = tool };

    public Decision Decide(Question question) => _engine.Decide(question, Now, out _);

    /// <summary>Ends a benchmark whose answer is not the expected one.</summary>
    public void Require(Question question, Effect effect)
    {
        var decision = Decide(question);
        if (decision.Effect != effect)
        {
            throw new InvalidOperationException($"{decision.Effect}: {decision.Reason}: {decision.Message}");
        }
    }

    private static PolicyTable TableOf(WorkPolicyContract policy) =>
        PolicyTable.Empty.WithCommon(new ActivePolicy { Current = new SignedChain(PolicyChain.Resolve(policy, static _ => null).Value, []) });

    // Every statement before the one that allows names a resource and a condition of its own, so that each has to be looked at.
    private static WorkPolicyContract PolicyOf(int statements)
    {
        const string Allow = """{"sid":"allow","effect":"Allow","actions":["tool:execute"],"resources":["github"]}""";
        var others = Enumerable.Range(1, statements - 1).Select(static number =>
            $$$$"""{"sid":"s{{{{number}}}}","effect":"Deny","actions":["tool:execute"],"resources":["github/never-{{{{number}}}}*"],"conditions":{"NumericLessThan":{"Context:Hour":"12"}}}""");
        ImmutableArray<string> all = [.. others, Allow];
        return WpcLoader.Load(Encoding.UTF8.GetBytes($$"""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:example.com","statements":[{{string.Join(',', all)}}]}""")).Value;
    }
}
