using ClawPdp.Core.Policies;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Authoring.Testing;

/// <summary>
/// Asks the sidecar's own engine: the claims are signed with a key that lives as long as this object and that nobody else trusts, so
/// that every check of the decision table runs as it does in the sidecar.
/// </summary>
internal sealed class PolicyTestEngine : IDisposable
{
    private readonly PurposeKey _key = new(KeyPurpose.Token, Ed25519SigningKey.Generate());
    private readonly KeySet _keys;

    public PolicyTestEngine() => _keys = new KeySet([new VerificationKey(_key.PublicKey, null)], DateTimeOffset.UnixEpoch);

    /// <summary>Judges a case.</summary>
    /// <param name="item">The case.</param>
    /// <param name="target">The policy.</param>
    /// <param name="coverage">Receives what the case reached. The trace ends here: kept for each case it would be most of the memory.</param>
    public PolicyTestResult Judge(PolicyTestCase item, PolicyTestTarget target, CoverageCount coverage)
    {
        var engine = EngineOf(target.Chain, item.Claims);
        var question = QuestionOf(item);
        var trace = new DecisionTrace();
        var decision = engine.Decide(question, item.At, out _, trace);
        if (item.IsApproved && decision.Requirement is { } wanted)
        {
            // An approval counts only where the answer asks for one, as in the sidecar; the grounds stand for the receipt that was used up.
            trace = new DecisionTrace();
            var grounds = new DecisionGrounds(item.At, HasHumanApproval: true, item.Stated) { AgentDid = wanted.AgentDid, TokenScopeHash = wanted.TokenScopeHash, PolicyHash = wanted.PolicyHash };
            decision = engine.Decide(question with { Grounds = grounds }, item.At, out _, trace);
        }

        coverage.Add(trace);
        var result = new PolicyTestResult(item, target, decision, []);
        return result.HasPassed ? result : result with { Explanation = TestExplanation.Of(result, trace) };
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private DecisionEngine EngineOf(PolicyChain chain, CstClaims claims) => new(
        new EngineStateStore(new EngineState
        {
            Epoch = 1,
            Keys = _keys,
            Policies = PolicyTable.Empty.WithCommon(new ActivePolicy { Current = new SignedChain(chain, []) }),
            PolicyRequired = true,
            Audiences = claims.Audience,
        }),
        new RevocationView(),
        new UncheckedLineages());

    private Question QuestionOf(PolicyTestCase item) => new()
    {
        Token = CstWriter.Write(item.Claims, _key.PublicKey.KeyId, holder: null, _key.SignToken),
        Tool = item.Tool,
        Model = item.Model,
        Host = item.Host,
        Provider = item.Provider,
        ArgumentsHash = item.ArgumentsHash,
        Stated = item.Stated,
    };
}
