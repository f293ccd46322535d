using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.Tests.Generated;
using CsCheck;
using static ClawPdp.Engine.Tests.Generated.GeneratedNames;

namespace ClawPdp.Engine.Tests;

public sealed class ExplainTests
{
    private const string OtherHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private static readonly Gen<(PolicyChain? Chain, ImmutableArray<string> Scope, (string?, string?, string?) Names, (string, string, string) Facts, int Flaw)> Questions = Gen.Select(
        Gen.Frequency((8, GeneratedPolicies.AllChains.Select(static chain => (PolicyChain?)chain)), (1, Gen.Const((PolicyChain?)GeneratedPolicies.WithApproval)), (1, Gen.Const((PolicyChain?)null))),
        Gen.Select(ToolScopes, ModelScopes, HostScopes, Gen.Bool).Select(static (tool, model, host, isWide) =>
            isWide ? ["tool:*", "model:*", "egress:*"] : ImmutableArray.Create("tool:" + tool, "model:" + model, "egress:" + host)),
        Gen.Select(Optional(Tools), Optional(Models), Optional(Hosts)),
        Gen.Select(OneOf("", "openai", "anthropic"), OneOf("", "1", "true", "x"), OneOf("", "", "", OtherHash, "no hash")),
        Gen.Int[0, 19]);

    [Fact]
    public void Decide_WithATrace_AnswersAsWithout()
    {
        var allowed = 0;
        var reasons = new System.Collections.Concurrent.ConcurrentDictionary<ReasonCode, int>();
        Questions.Sample(
            (chain, scope, names, facts, flaw) =>
            {
                using var fixture = FixtureOf(chain, []);
                var claims = EngineFixture.Claims(scope);
                claims = flaw switch
                {
                    0 => claims with { Audience = ["elsewhere"] },
                    1 => claims with { ExpiresAt = claims.IssuedAt },
                    2 => claims with { IssuedAt = claims.IssuedAt + 1 },
                    3 => claims with { PolicyHash = OtherHash },
                    4 => claims with { PolicyHash = chain?.Policy.PolicyHash },
                    _ => claims,
                };
                if (flaw == 5)
                {
                    fixture.Revocations.Revoke(RevocationKind.Subject, EngineFixture.Agent);
                }

                var question = new Question
                {
                    Token = flaw switch { 6 => null, 7 => "a.b.c", 8 => fixture.SignAsIs(claims), _ => fixture.Sign(claims) },
                    Tool = names.Item1,
                    Model = names.Item2,
                    Host = names.Item3,
                    Provider = facts.Item1,
                    PolicyHash = facts.Item3,
                    Stated = facts.Item2.Length == 0 ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["Caller:x"] = facts.Item2 },
                    Approvals = flaw == 9 ? [new byte[] { 1, 2, 3 }] : [],
                };
                var trace = new DecisionTrace();

                var plain = fixture.Engine.Decide(question, EngineFixture.Now, out var plainFault);
                var explained = fixture.Engine.Decide(question, EngineFixture.Now, out var explainedFault, trace);

                Assert.Null(plainFault ?? explainedFault);
                AssertAlike(plain, explained);
                AssertTells(trace, explained);
                reasons.AddOrUpdate(plain.Reason, 1, static (_, count) => count + 1);
                _ = plain.Effect == Effect.Allow ? Interlocked.Increment(ref allowed) : 0;
            },
            iter: 5_000);

        Assert.InRange(allowed, 100, int.MaxValue);
        // Each of these must have been met, else nothing was compared there.
        ReasonCode[] expected =
        [
            ReasonCode.TokenRequired, ReasonCode.TokenMalformed, ReasonCode.TokenBadAudience, ReasonCode.TokenExpired, ReasonCode.TokenRevoked,
            ReasonCode.PolicyHashMismatch, ReasonCode.PolicyHashInvalid, ReasonCode.ToolInvalid, ReasonCode.HostInvalid, ReasonCode.ToolNotAllowed,
            ReasonCode.PolicyViolation, ReasonCode.PolicyProviderNotAllowed, ReasonCode.CapabilityRequiresApproval, ReasonCode.Allowed,
        ];
        Assert.Empty(expected.Except(reasons.Keys));
    }

    [Fact]
    public void Decide_WithATrace_ShowsEveryStatementAndConditionOfEachLinkToTheDenyingOne()
    {
        var parent = Load("""{"sid":"Tools","effect":"Allow","actions":["tool:execute"],"resources":["**"]}""");
        var middle = Load(
            """
            {"sid":"All","effect":"Allow","actions":["*"],"resources":["*"]},
            {"sid":"Secrets","effect":"Deny","actions":["*"],"resources":["**/secrets/**"],"conditions":{"StringNotEquals":{"Caller:x":"1"},"Bool":{"Request:HasHumanApproval":"false"}}},
            {"sid":"Hosts","effect":"Allow","actions":["side_effect:network_egress"],"resources":["*"],"conditions":{"NumericEquals":{"SideEffect:TargetPort":"443"}}}
            """,
            parent.PolicyHash);
        var last = Load("""{"sid":"Never","effect":"Allow","actions":["*"],"resources":["*"]}""", middle.PolicyHash);
        using var fixture = FixtureOf(ChainOf(last, parent, middle), []);
        var trace = new DecisionTrace();

        var decision = fixture.Engine.Decide(
            new Question { Token = fixture.Sign(EngineFixture.Claims("tool:*")), Tool = "a/secrets/b" },
            EngineFixture.Now,
            out _,
            trace);

        Assert.Equal((ReasonCode.CapabilityRequiresApproval, "Secrets"), (decision.Reason, Assert.Single(decision.StatementIds)));
        Assert.Equal([parent.PolicyHash, middle.PolicyHash], trace.Links.Select(static link => link.Policy.PolicyHash));
        Assert.Equal([PolicyFailure.None, PolicyFailure.Denied], trace.Links.Select(static link => link.Failure));
        Assert.Equal(
            [("All", true, true, "*"), ("Secrets", true, true, "**/secrets/**"), ("Hosts", false, false, "*")],
            trace.Links[1].Statements.Select(static statement => (statement.Statement.Sid, statement.Matched, statement.ActionMatched, statement.MatchedResource)));
        Assert.Equal(
            [("Caller:x", null, ConditionOutcome.Unresolvable), ("Request:HasHumanApproval", "false", ConditionOutcome.True), ("SideEffect:TargetPort", null, ConditionOutcome.Unresolvable)],
            trace.Links[1].Statements.SelectMany(static statement => statement.Conditions).Select(static condition => (condition.Condition.Key.Name, condition.Actual, condition.Outcome)));
        Assert.Equal(
            [("token", true), ("validity", true), ("revocation", true), ("holder", false), ("pin", true), ("question", true), ("scope", true), ("policy", true), ("approval", false)],
            trace.Checks.Select(static check => (check.Check, check.Reason == ReasonCode.Allowed)));
    }

    [Fact]
    public void Decide_WithATrace_ShowsEveryListOfAnOldPolicy()
    {
        using var fixture = new EngineFixture(EngineFixture.Policy(""","allowed_providers":["openai"],"allowed_models":["gpt-4*"],"minimum_model_identity_tier":"tee_measured","egress_allowlist":["a.example.com"]"""));
        var trace = new DecisionTrace();

        var decision = fixture.Engine.Decide(
            new Question { Token = fixture.Sign(EngineFixture.Claims("model:*")), Model = "GPT-4o" },
            EngineFixture.Now,
            out _,
            trace);

        Assert.Equal(ReasonCode.PolicyProviderNotAllowed, decision.Reason);
        Assert.Equal(
            [
                new RuleTrace("allowed_providers", null, null, false),
                new RuleTrace("allowed_models", "GPT-4o", "gpt-4*", true),
                new RuleTrace("minimum_model_identity_tier", "closed_opaque", null, false),
            ],
            Assert.Single(trace.Links).Rules);
    }

    [Theory]
    [InlineData(true, ReasonCode.Allowed)]
    [InlineData(false, ReasonCode.CapabilityRequiresApproval)]
    public void Decide_WithATraceAndAnApproval_ShowsWhatTheAnswerRestsOn(bool isForThisAction, ReasonCode reason)
    {
        var policy = Load("""{"sid":"Deploy","effect":"Allow","actions":["tool:execute"],"resources":["deploy"],"conditions":{"Bool":{"Request:HasHumanApproval":"true"}}}""");
        using var approver = Ed25519SigningKey.Generate();
        using var fixture = FixtureOf(ChainOf(policy), [approver.PublicKey.Did]);
        var claims = EngineFixture.Claims("tool:deploy");
        var question = new Question { Token = fixture.Sign(claims), Tool = "deploy" };
        var wanted = fixture.Engine.Decide(question, EngineFixture.Now, out _).Requirement ?? throw new InvalidOperationException("nothing to approve");
        var receipt = new JsonObjectBuilder()
            .Add("receipt_version", "1")
            .Add("receipt_id", "har_0001")
            .Add("approval_type", "explicit_approve")
            .Add("approver_subject", "oidc:example.com:1")
            .Add("approver_method", "ui_click")
            .Add("scope_summary", "deploy")
            .Add("minted_capability_id", "00000000-0000-4000-8000-000000000001")
            .Add("hash_algorithm", "SHA-256")
            .Add("agent_did", wanted.AgentDid)
            .Add("scope_hash_b64u", wanted.TokenScopeHash)
            .Add("policy_hash_b64u", wanted.PolicyHash)
            .Add("plan_hash_b64u", isForThisAction ? wanted.ActionDigest : OtherHash)
            .Add("minted_capability_ttl_seconds", 60)
            .Add("timestamp", "2026-01-01T00:00:00.000Z")
            .Build();
        question = question with { Approvals = [Sign(receipt, approver)] };
        var trace = new DecisionTrace();

        var plain = fixture.Engine.Decide(question, EngineFixture.Now, out _);
        var explained = fixture.Engine.Decide(question, EngineFixture.Now, out _, trace);

        AssertAlike(plain, explained);
        AssertTells(trace, explained);
        Assert.Equal(reason, explained.Reason);
        var condition = Assert.Single(Assert.Single(Assert.Single(trace.Links).Statements).Conditions);
        Assert.Equal(isForThisAction ? ("true", ConditionOutcome.True) : ("false", ConditionOutcome.False), (condition.Actual ?? "", condition.Outcome));
    }

    private static Gen<string?> Optional(Gen<string> names) => Gen.Frequency((3, Gen.Const((string?)null)), (2, names.Select(static name => (string?)name)));

    private static void AssertAlike(Decision plain, Decision explained)
    {
        Assert.Equal(
            (plain.Effect, plain.Reason, plain.Message, plain.Dimension, plain.CacheableUntil, plain.Epoch, plain.Policy?.PolicyHash),
            (explained.Effect, explained.Reason, explained.Message, explained.Dimension, explained.CacheableUntil, explained.Epoch, explained.Policy?.PolicyHash));
        Assert.Equal(plain.StatementIds, explained.StatementIds);
        Assert.Equal(plain.Requirement?.ActionDigest, explained.Requirement?.ActionDigest);
        Assert.Equal(plain.Approval?.ApprovalHash, explained.Approval?.ApprovalHash);
    }

    // The checks tell the answer's reason last and no other; the links tell the effect of each policy by its statements.
    private static void AssertTells(DecisionTrace trace, Decision decision)
    {
        var failures = trace.Checks.Where(static check => check.Reason is not (null or ReasonCode.Allowed));
        Assert.Equal(decision.Effect == Effect.Allow ? [] : [decision.Reason], failures.Select(static check => check.Reason ?? ReasonCode.Unspecified));
        Assert.True(decision.Effect == Effect.Allow || trace.Checks[^1].Reason == decision.Reason);
        foreach (var link in trace.Links.Where(static link => link.Policy is WpcV2))
        {
            Assert.Equal(link.Policy.Statements, link.Statements.Select(static statement => statement.Statement));
            Assert.All(link.Statements, static statement => Assert.Equal(statement.Statement.Conditions, statement.Conditions.Select(static condition => condition.Condition)));
            var isDenied = link.Statements.Any(static statement => statement is { Matched: true, Statement.Effect: Effect.Deny });
            var isAllowed = link.Statements.Any(static statement => statement is { Matched: true, Statement.Effect: Effect.Allow });
            Assert.Equal(!isDenied && isAllowed, link.Failure == PolicyFailure.None);
        }

        Assert.All(trace.Links.SkipLast(1), static link => Assert.Equal(PolicyFailure.None, link.Failure));
        Assert.True(decision.Effect != Effect.Allow || trace.Links.All(static link => link.Failure == PolicyFailure.None));
    }

    private static byte[] Sign(JsonValue receipt, Ed25519SigningKey key)
    {
        var hash = Sha256.OfCanonical(receipt);
        return JsonWriter.WriteCanonical(new JsonObjectBuilder()
            .Add("envelope_version", "1")
            .Add("envelope_type", EnvelopeTypes.HumanApprovalReceipt)
            .Add("payload", receipt)
            .Add("payload_hash_b64u", hash)
            .Add("hash_algorithm", "SHA-256")
            .Add("signature_b64u", Base64UrlText.Encode(key.Sign(System.Text.Encoding.ASCII.GetBytes(hash))))
            .Add("algorithm", "Ed25519")
            .Add("signer_did", key.PublicKey.Did)
            .Add("issued_at", Rfc3339.Format(EngineFixture.Now))
            .Build());
    }

    private static EngineFixture FixtureOf(PolicyChain? chain, ImmutableArray<string> approvers)
    {
        var fixture = new EngineFixture();
        fixture.States.Publish(state => state with
        {
            Approvers = approvers,
            Policies = chain is null ? PolicyTable.Empty : PolicyTable.Empty.WithCommon(new ActivePolicy { Current = new SignedChain(chain, []) }),
        });
        return fixture;
    }

    private static WorkPolicyContract Load(string statements, string? inherits = null)
    {
        var parent = inherits is null ? "" : $"\"inherits\":\"{inherits}\",";
        return WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes($$"""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:example.com",{{parent}}"statements":[{{statements}}]}""")).Value;
    }

    private static PolicyChain ChainOf(WorkPolicyContract last, params WorkPolicyContract[] others) =>
        PolicyChain.Resolve(last, hash => others.FirstOrDefault(other => string.Equals(other.PolicyHash, hash, StringComparison.Ordinal))).Value;
}
