using System.Collections.Immutable;
using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Engine.Approvals;
using ClawPdp.Engine.Decisions;

namespace ClawPdp.Engine.Tests;

public sealed class ApprovalTests : IDisposable
{
    private const string Run = "run_1";
    private const string OtherHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly EngineFixture _fixture = new(WpcLoader.Load(Encoding.UTF8.GetBytes(
        """
        {"policy_version":"2","policy_id":"p","issuer_did":"did:web:example.com","statements":[
          {"sid":"approved","effect":"Allow","actions":["tool:execute"],"resources":["argo-cd"],"conditions":{"Bool":{"Request:HasHumanApproval":"true"}}},
          {"sid":"early","effect":"Allow","actions":["tool:execute"],"resources":["github"],"conditions":{"NumericLessThan":{"Context:Hour":"1"}}},
          {"sid":"ticket","effect":"Allow","actions":["tool:execute"],"resources":["terraform"],"conditions":{"StringEquals":{"Caller:Ticket":"OPS-1"}}}]}
        """)).Value);

    private readonly PurposeKey _approver = Key(1);
    private readonly PurposeKey _stranger = Key(2);
    private readonly string _token;
    private readonly ApprovalRequirement _requirement;

    public ApprovalTests()
    {
        _fixture.States.Publish(state => state with { Approvers = [_approver.PublicKey.Did] });
        _token = _fixture.Sign(EngineFixture.Claims("tool:argo-cd", "tool:github", "tool:terraform"));
        _requirement = Ask().Requirement ?? throw new InvalidOperationException("no approval is wanted");
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _approver.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public void Decide_NoApproval_SaysWhatToApprove()
    {
        var decision = Ask();

        Assert.Equal((Effect.Deny, ReasonCode.CapabilityRequiresApproval), (decision.Effect, decision.Reason));
        Assert.Equal((EngineFixture.Agent, Run, "tool argo-cd"), (_requirement.AgentDid, _requirement.RunId, _requirement.Summary));
        Assert.Equal((decision.Policy?.PolicyHash, decision.Token?.Claims.TokenScopeHash), (_requirement.PolicyHash, _requirement.TokenScopeHash));
        Assert.Equal(["approved"], _requirement.StatementIds);
        Assert.Equal(Sha256.OfCanonical(new JsonObjectBuilder().Add("tool", "argo-cd").Build()), _requirement.ActionDigest);
    }

    [Fact]
    public void Decide_ApprovalThatFits_AllowsAndIsNotCached()
    {
        var given = Sign(Payload());

        var decision = Ask(given);

        Assert.Equal((Effect.Allow, ReasonCode.Allowed), (decision.Effect, decision.Reason));
        Assert.Equal(_approver.PublicKey.Did, decision.Approval?.ApproverDid);
        Assert.Equal(given, decision.Approval?.EnvelopeJson);
        Assert.Null(decision.CacheableUntil);
        Assert.Null(decision.Requirement);
        Assert.Equal(["approved"], decision.StatementIds);
    }

    [Theory]
    [InlineData("agent_did")]
    [InlineData("scope_hash_b64u")]
    [InlineData("policy_hash_b64u")]
    [InlineData("plan_hash_b64u")]
    public void Decide_BoundMemberIsAnotherOne_IsNotGiven(string member)
    {
        var text = Payload().FindText(member) ?? "";
        var changed = text[..^1] + (text[^1] == 'A' ? 'E' : 'A');

        AssertNotGiven(Sign(With(Payload(), member, JsonValue.Of(changed))));
        AssertNotGiven(Sign(Without(Payload(), member)));
    }

    [Theory]
    [InlineData("run_id", Run, true)]
    [InlineData("run_id", "run_2", false)]
    [InlineData("policy_hash", OtherHash, false)]
    [InlineData("token_scope_hash_b64u", OtherHash, false)]
    [InlineData("event_hash_b64u", OtherHash, false)]
    [InlineData("nonce", "any", true)]
    public void Decide_Binding_MustBeSoWhereItStatesSomething(string member, string value, bool isGiven)
    {
        var binding = new JsonObjectBuilder().Add(member, value).Build();

        var decision = Ask(Sign(With(Payload(), "binding", binding)));

        Assert.Equal(isGiven ? Effect.Allow : Effect.Deny, decision.Effect);
    }

    [Fact]
    public void Decide_BoundToTheEventThatAsks_IsGiven()
    {
        var given = Sign(With(Payload(), "binding", new JsonObjectBuilder().Add("event_hash_b64u", OtherHash).Build()));

        var decision = _fixture.Engine.Decide(Question(given) with { EventHash = OtherHash }, EngineFixture.Now, out _);

        Assert.Equal(Effect.Allow, decision.Effect);
    }

    [Fact]
    public void Decide_BoundToARunThatTheQuestionDoesNotName_IsNotGiven()
    {
        var given = Sign(With(Payload(), "binding", new JsonObjectBuilder().Add("run_id", Run).Build()));

        var decision = _fixture.Engine.Decide(Question(given) with { RunId = "" }, EngineFixture.Now, out _);

        Assert.Equal(ReasonCode.CapabilityRequiresApproval, decision.Reason);
    }

    [Theory]
    [InlineData("explicit_deny")]
    [InlineData("auto_approve")]
    [InlineData("timeout_deny")]
    public void Decide_NotApprovedByAHuman_IsNotGiven(string type) => AssertNotGiven(Sign(With(Payload(), "approval_type", JsonValue.Of(type))));

    [Theory]
    [InlineData(-600_000, ReasonCode.Allowed)]
    [InlineData(-600_001, ReasonCode.HumanApprovalExpired)]
    [InlineData(60_000, ReasonCode.Allowed)]
    [InlineData(60_001, ReasonCode.CapabilityRequiresApproval)]
    public void Decide_AtTheEndsOfItsTime_CountsInsideAlone(int milliseconds, ReasonCode reason)
    {
        var decision = Ask(Sign(With(Payload(), "timestamp", JsonValue.Of(Rfc3339.Format(EngineFixture.Now.AddMilliseconds(milliseconds))))));

        Assert.Equal(reason, decision.Reason);
        Assert.Equal(reason is ReasonCode.Allowed, decision.Requirement is null);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0)]
    [InlineData(600.5)]
    [InlineData(86_401)]
    public void Decide_LifetimeThatIsNone_IsNotGiven(double seconds) => AssertNotGiven(Sign(With(Payload(), "minted_capability_ttl_seconds", JsonValue.Of(seconds))));

    [Fact]
    public void Decide_NoLifetime_IsNotGiven() => AssertNotGiven(Sign(Without(Payload(), "minted_capability_ttl_seconds")));

    [Fact]
    public void Decide_EndOfTime_IsNotGivenAndNoFailure() => AssertNotGiven(Sign(With(Payload(), "timestamp", JsonValue.Of("9999-12-31T23:59:59Z"))));

    [Fact]
    public void Decide_SignedByAStranger_IsNotGiven() => AssertNotGiven(Sign(Payload(), _stranger));

    [Fact]
    public void Decide_ListedByItsNameButSignedByAStranger_IsNotGiven()
    {
        var forged = With(Parse(Sign(Payload(), _stranger)), "signer_did", JsonValue.Of(_approver.PublicKey.Did));

        AssertNotGiven(JsonWriter.WriteCanonical(forged));
    }

    [Fact]
    public void Decide_SignedAgainByAnotherApprover_IsTheSameApproval()
    {
        _fixture.States.Publish(state => state with { Approvers = [_approver.PublicKey.Did, _stranger.PublicKey.Did] });

        var one = Ask(Sign(Payload()));
        var other = Ask(Sign(Payload(), _stranger));

        Assert.Equal((_approver.PublicKey.Did, _stranger.PublicKey.Did), (one.Approval?.ApproverDid, other.Approval?.ApproverDid));
        Assert.Equal(one.Approval?.ApprovalHash, other.Approval?.ApprovalHash);
    }

    [Fact]
    public void Decide_AgentIsAListedApprover_DoesNotApproveItself()
    {
        var token = _fixture.Sign(EngineFixture.Claims("tool:argo-cd") with { Subject = _approver.PublicKey.Did });
        var requirement = _fixture.Engine.Decide(new Question { Token = token, Tool = "argo-cd" }, EngineFixture.Now, out _).Requirement;
        Assert.NotNull(requirement);

        var decision = _fixture.Engine.Decide(new Question { Token = token, Tool = "argo-cd", Approvals = [Sign(Payload(requirement))] }, EngineFixture.Now, out _);

        Assert.Equal(ReasonCode.CapabilityRequiresApproval, decision.Reason);
    }

    [Fact]
    public void Decide_EnvelopeExpired_IsNotGiven()
    {
        var envelope = Parse(Sign(Payload()));

        AssertNotGiven(JsonWriter.WriteCanonical(With(envelope, "expires_at", JsonValue.Of(Rfc3339.Format(EngineFixture.Now.AddSeconds(-1))))));
        Assert.Equal(Effect.Allow, Ask(JsonWriter.WriteCanonical(With(envelope, "expires_at", JsonValue.Of(Rfc3339.Format(EngineFixture.Now))))).Effect);
    }

    [Fact]
    public void Decide_OneBitOfAnyByteChanged_AllowsNothingElse()
    {
        var given = Sign(Payload()).ToArray();
        var signed = Parse(given).FindText("payload_hash_b64u");

        for (var place = 0; place < given.Length; place++)
        {
            var changed = given.ToArray();
            changed[place] ^= 1;

            // What is not signed, such as when it was issued, may change and says nothing.
            var decision = Ask(changed);
            Assert.True(decision.Effect == Effect.Deny || decision.Approval?.ApprovalHash == signed, $"{place}");
        }
    }

    [Fact]
    public void Decide_AmongOthersThatDoNotFit_IsFound()
    {
        var expired = Sign(With(Payload(), "timestamp", JsonValue.Of("2025-01-01T00:00:00Z")));

        Assert.Equal(Effect.Allow, Ask("{}"u8.ToArray(), expired, Sign(Payload(), _stranger), Sign(Payload())).Effect);
    }

    [Fact]
    public void Decide_NoApproverIsListed_NothingCanBeApproved()
    {
        _fixture.States.Publish(static state => state with { Approvers = [] });

        AssertNotGiven(Sign(Payload()));
    }

    [Fact]
    public void Decide_ArgumentsAreOthersThanThoseApproved_IsNotGiven()
    {
        var decision = _fixture.Engine.Decide(Question(Sign(Payload())) with { ArgumentsHash = OtherHash }, EngineFixture.Now, out _);

        Assert.Equal(ReasonCode.CapabilityRequiresApproval, decision.Reason);
        Assert.NotEqual(_requirement.ActionDigest, decision.Requirement?.ActionDigest);
    }

    [Fact]
    public void Decide_CallerClaimsAnApproval_IsNotBelieved()
    {
        var stated = new Dictionary<string, string>(StringComparer.Ordinal) { ["Request:HasHumanApproval"] = "true" };

        var decision = _fixture.Engine.Decide(Question() with { Stated = stated }, EngineFixture.Now, out _);

        Assert.Equal(ReasonCode.CapabilityRequiresApproval, decision.Reason);
    }

    [Theory]
    [InlineData("argo-cd", 0, ReasonCode.Allowed)]
    [InlineData("github", 3600, ReasonCode.Allowed)]
    [InlineData("terraform", 3600, ReasonCode.Allowed)]
    [InlineData("argo-cd", 3600.001, ReasonCode.CapabilityRequiresApproval)]
    [InlineData("github", 3600.001, ReasonCode.PolicyViolation)]
    [InlineData("argo-cd", -0.001, ReasonCode.CapabilityRequiresApproval)]
    public void Decide_OnTheGroundsOfADecision_IsJudgedAsThenForAnHour(string tool, double age, ReasonCode reason)
    {
        var decision = _fixture.Engine.Decide(
            Question() with { Tool = tool, Token = LongToken(), Grounds = Grounds() with { DecidedAt = EngineFixture.Now.AddSeconds(3599) } },
            EngineFixture.Now.AddSeconds(3599 + age),
            out _);

        Assert.Equal(reason, decision.Reason);
        Assert.Equal(reason is ReasonCode.Allowed, decision.OnGrounds);
        Assert.Null(decision.Approval);
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("scope")]
    [InlineData("agent")]
    public void Decide_GroundsOfAnotherPolicyTokenOrAgent_DoNotCount(string what)
    {
        var grounds = what switch
        {
            "policy" => Grounds() with { PolicyHash = OtherHash },
            "scope" => Grounds() with { TokenScopeHash = OtherHash },
            _ => Grounds() with { AgentDid = _stranger.PublicKey.Did },
        };

        var decision = _fixture.Engine.Decide(Question() with { Token = LongToken(), Grounds = grounds }, EngineFixture.Now, out _);

        Assert.Equal(ReasonCode.CapabilityRequiresApproval, decision.Reason);
    }

    private static PurposeKey Key(byte number)
    {
        var seed = new byte[Ed25519SigningKey.SeedSizeBytes];
        seed[0] = number;
        return new PurposeKey(KeyPurpose.Approval, Ed25519SigningKey.FromSeed(seed));
    }

    private static JsonValue Parse(ReadOnlyMemory<byte> envelope) => JsonReader.Parse(envelope.Span, 1 << 20).Value;

    private static JsonValue Without(JsonValue value, string name) => JsonValue.ObjectOf([.. value.Members.Where(item => item.Name != name)]);

    private static JsonValue With(JsonValue value, string name, JsonValue member) =>
        JsonValue.ObjectOf([.. Without(value, name).Members, new JsonMember(name, member)]);

    // Of the wire format alone, not by the code that makes approvals.
    private static JsonValue Payload(ApprovalRequirement requirement) => new JsonObjectBuilder()
        .Add("receipt_version", "1")
        .Add("receipt_id", "har_1")
        .Add("approver_subject", "email:alice@example.com")
        .Add("agent_did", requirement.AgentDid)
        .Add("scope_hash_b64u", requirement.TokenScopeHash)
        .Add("policy_hash_b64u", requirement.PolicyHash)
        .Add("plan_hash_b64u", requirement.ActionDigest)
        .Add("approval_type", "explicit_approve")
        .Add("minted_capability_ttl_seconds", 600)
        .Add("hash_algorithm", "SHA-256")
        .Add("timestamp", "2026-01-01T00:00:00.000Z")
        .Build();

    private JsonValue Payload() => Payload(_requirement);

    private ReadOnlyMemory<byte> Sign(JsonValue payload, PurposeKey? key = null) =>
        (key ?? _approver).SignEnvelope(EnvelopeTypes.HumanApprovalReceipt, payload, EngineFixture.Now).Json;

    private string LongToken()
    {
        var claims = EngineFixture.Claims("tool:argo-cd", "tool:github", "tool:terraform");
        return _fixture.Sign(claims with { ExpiresAt = claims.IssuedAt + 86_400 });
    }

    private DecisionGrounds Grounds() => new(EngineFixture.Now, HasHumanApproval: true, new Dictionary<string, string>(StringComparer.Ordinal) { ["Caller:Ticket"] = "OPS-1" })
    {
        AgentDid = EngineFixture.Agent,
        TokenScopeHash = _requirement.TokenScopeHash,
        PolicyHash = _requirement.PolicyHash,
    };

    private Question Question(params ImmutableArray<ReadOnlyMemory<byte>> approvals) => new() { Token = _token, Tool = "argo-cd", RunId = Run, Approvals = approvals };

    private Decision Ask(params ImmutableArray<ReadOnlyMemory<byte>> approvals) => _fixture.Engine.Decide(Question(approvals), EngineFixture.Now, out _);

    private void AssertNotGiven(ReadOnlyMemory<byte> approval)
    {
        var decision = Ask(approval);

        Assert.Equal((Effect.Deny, ReasonCode.CapabilityRequiresApproval), (decision.Effect, decision.Reason));
        Assert.Null(decision.Approval);
    }
}
