using ClawPdp.Core.Encoding;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using CstClaims = ClawPdp.Core.Tokens.CstClaims;

namespace ClawPdp.Server.Cli;

/// <summary>Asks the engine without a sidecar: one policy is active, nothing is revoked.</summary>
internal static class OfflineExplanation
{
    /// <summary>Answers.</summary>
    /// <param name="request">The question; its token does not count.</param>
    /// <param name="claims">What the token says.</param>
    /// <param name="chain">The policy.</param>
    /// <param name="now">The instant.</param>
    /// <param name="isApproved">Whether a human's approval shall be taken as given.</param>
    public static ExplainResponse Explain(AuthorizeRequest request, CstClaims claims, PolicyChain chain, DateTimeOffset now, bool isApproved)
    {
        using var key = new PurposeKey(KeyPurpose.Token, Ed25519SigningKey.Generate());
        var state = new EngineState
        {
            Epoch = 1,
            Keys = new KeySet([new VerificationKey(key.PublicKey, null)], now),
            Policies = PolicyTable.Empty.WithCommon(new Engine.Policies.ActivePolicy { Current = new SignedChain(chain, []) }),
            PolicyRequired = false,
            Audiences = [.. claims.Audience.Select(static audience => EcmaScriptText.Trim(audience))],
        };
        var question = WireDecisions.Read(request).Question with { Token = OfflineToken.Sign(claims, key) };
        if (isApproved)
        {
            var grounds = new DecisionGrounds(now, true, question.Stated)
            {
                AgentDid = claims.Subject,
                TokenScopeHash = claims.TokenScopeHash ?? "",
                PolicyHash = chain.Policy.PolicyHash,
            };
            question = question with { Grounds = grounds };
        }

        var trace = new DecisionTrace();
        var decision = new DecisionEngine(new EngineStateStore(state), new RevocationView(), new UncheckedLineages()).Decide(question, now, out var unexpected, trace);
        return unexpected is null
            ? WireExplanations.Write(new RecordedDecision(decision, "", now, "", null), trace, "")
            : throw new InputException("the answer could not be finished", unexpected);
    }
}
