using System.Collections.Immutable;
using System.Text;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Receipts;
using ClawPdp.Crypto;

namespace ClawPdp.Audit.Tests;

public sealed class ApprovalAuditTests : IDisposable
{
    private const string OtherHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly RunBuilder _run = new();
    private readonly PurposeKey _approver = RunKeys.Key(KeyPurpose.Approval, 7);
    private PurposeKey _signer;
    private Func<HumanApproval, HumanApproval> _change = static approval => approval;

    public ApprovalAuditTests()
    {
        _signer = _approver;
        _run.Policy = Policy("""{"sid":"tools","effect":"Allow","actions":["tool:execute"],"resources":["github"],"conditions":{"Bool":{"Request:HasHumanApproval":"true"}}}""");
        _run.Approval = decision => _signer.SignEnvelope(EnvelopeTypes.HumanApprovalReceipt, _change(ApprovalOf(decision)).ToPayload().Value, _run.Now);
    }

    public void Dispose()
    {
        _run.Dispose();
        _approver.Dispose();
        _signer.Dispose();
    }

    [Fact]
    public void Verify_ApprovedByANamedApprover_Holds()
    {
        var report = Audit(_approver.PublicKey.Did);

        Assert.Equal([], report.Answers.SelectMany(static answer => answer.Problems));
        Assert.True(report.Holds);
    }

    [Fact]
    public void Verify_NoApproverNamed_IsNotAnswered()
    {
        var report = Audit();

        Assert.Equal((AnswerStatus.NotAnswered, AnswerStatus.NotAnswered, false), (Of(report, "policy").Status, Of(report, "keys").Status, report.Holds));
        Assert.Equal(["APPROVER_NOT_TRUSTED"], Of(report, "policy").Problems.Select(static problem => problem.Code));
    }

    [Fact]
    public void Verify_AnotherApproverNamed_Fails() => AssertFails("APPROVER_NOT_TRUSTED", RunKeys.Key(KeyPurpose.Approval, 8).PublicKey.Did);

    [Theory]
    [InlineData("agent")]
    [InlineData("scope")]
    [InlineData("policy")]
    [InlineData("digest")]
    [InlineData("run")]
    [InlineData("event")]
    public void Verify_ApprovalOfSomethingElse_IsFound(string what)
    {
        _change = approval => approval with
        {
            Action = what switch
            {
                "agent" => approval.Action with { AgentDid = _run.Keys.Log.PublicKey.Did },
                "scope" => approval.Action with { TokenScopeHash = OtherHash },
                "policy" => approval.Action with { PolicyHash = OtherHash },
                "digest" => approval.Action with { ActionDigest = OtherHash },
                "run" => approval.Action with { RunId = "run_2" },
                _ => approval.Action with { EventHash = OtherHash },
            },
        };

        AssertFails("APPROVAL_MISMATCH", _approver.PublicKey.Did);
    }

    // The decision was made 5 seconds after the start, the approval counts for 10.
    [Theory]
    [InlineData(-5_000, "")]
    [InlineData(-5_001, "APPROVAL_MISMATCH")]
    [InlineData(65_000, "")]
    [InlineData(65_001, "APPROVAL_MISMATCH")]
    public void Verify_ApprovalOfAnotherTime_IsFound(int milliseconds, string code)
    {
        _change = approval => approval with { Timestamp = _run.Now.AddHours(-1).AddMilliseconds(milliseconds) };

        AssertFails(code, _approver.PublicKey.Did);
    }

    [Fact]
    public void Verify_AgentApprovedItself_IsFound()
    {
        _signer = Same(_run.Keys.Agent, KeyPurpose.Approval, 4);

        AssertFails("APPROVAL_MISMATCH", _signer.PublicKey.Did);
        Assert.Contains(Of(Audit(_signer.PublicKey.Did), "keys").Problems, static problem => problem.Code is "KEY_REUSED");
    }

    [Fact]
    public void Verify_ApprovalIsNotThere_IsNotAnswered()
    {
        _run.Decision = static content => content.FindText("tool") is "github" ? RunBuilder.With(content, "approval_hash_b64u", JsonValue.Of(OtherHash)) : content;
        _run.Approval = null;

        Assert.Contains(Of(Audit(_approver.PublicKey.Did), "policy").Problems, static problem => problem.Code is "DOCUMENT_MISSING");
    }

    [Fact]
    public void Verify_OneApprovalForTwoDecisions_IsFound()
    {
        _run.Decision = content => content.FindText("tool") is "argo-cd" ? RunBuilder.With(content, "approval_hash_b64u", JsonValue.Of(HashOfApproval())) : content;

        AssertFails("APPROVAL_REUSED", _approver.PublicKey.Did);
    }

    [Fact]
    public void Verify_ApprovalWithoutASignatureOfItsOwn_IsFound()
    {
        var sound = _run.Approval ?? throw new InvalidOperationException("no approval");
        _run.Approval = decision =>
        {
            var envelope = JsonReader.Parse(sound(decision).Json.Span, 1 << 20).Value;
            var forged = RunBuilder.With(envelope, "signature_b64u", JsonValue.Of(new string('A', 86)));
            return new SignedEnvelope(JsonWriter.WriteCanonical(forged), envelope.FindText("payload_hash_b64u") ?? "");
        };

        AssertFails("APPROVAL_INVALID", _approver.PublicKey.Did);
    }

    [Fact]
    public void Verify_NobodyApproved_IsFound()
    {
        _run.Approval = null;

        AssertFails("POLICY_VIOLATED", _approver.PublicKey.Did);
    }

    [Theory]
    [InlineData("Context:Hour", "NumericEquals", "12", "")]
    [InlineData("Context:Hour", "NumericEquals", "13", "POLICY_VIOLATED")]
    [InlineData("Caller:Ticket", "StringEquals", "OPS-1", "")]
    [InlineData("Caller:Ticket", "StringEquals", "OPS-2", "POLICY_VIOLATED")]
    public void Verify_Conditions_AreThoseOfTheDecision(string key, string operation, string value, string code)
    {
        _run.Policy = Policy($$$"""{"sid":"tools","effect":"Allow","actions":["tool:execute"],"resources":["github"],"conditions":{"{{{operation}}}":{"{{{key}}}":"{{{value}}}"} } }""");
        _run.Approval = null;
        _run.Decision = content => content.FindText("tool") is "github" ? RunBuilder.With(content, "stated", new JsonObjectBuilder().Add("Caller:Ticket", "OPS-1").Build()) : content;

        AssertFails(code);
    }

    [Theory]
    [InlineData("OPS-1", "")]
    [InlineData("OPS-2", "POLICY_VIOLATED")]
    public void Verify_NoDecisionNamed_WhatTheReceiptStatedCounts(string stated, string code)
    {
        _run.Policy = Policy("""{"sid":"tools","effect":"Allow","actions":["tool:execute"],"resources":["github"],"conditions":{"StringEquals":{"Caller:Ticket":"OPS-1"}}}""");
        _run.Approval = null;
        _run.Binding = static binding => binding with { DecisionId = null };
        _run.Receipt = content => RunBuilder.With(RunBuilder.With(content, "decision_id", JsonValue.Of("")), "stated", new JsonObjectBuilder().Add("Caller:Ticket", stated).Build());

        AssertFails(code);
    }

    [Theory]
    [InlineData("Agent:DID", "did:key:**", "")]
    [InlineData("Agent:DID", "did:web:**", "POLICY_VIOLATED")]
    public void Verify_ConditionOnTheAgent_SeesTheRunsAgent(string key, string pattern, string code)
    {
        _run.Policy = Policy($$$"""{"sid":"tools","effect":"Allow","actions":["tool:execute"],"resources":["github"],"conditions":{"StringLike":{"{{{key}}}":"{{{pattern}}}"} } }""");
        _run.Approval = null;

        AssertFails(code);
    }

    [Theory]
    [InlineData("github", "")]
    [InlineData("argo-cd", "POLICY_VIOLATED")]
    [InlineData(null, "DOCUMENT_MISSING")]
    public void Verify_PolicyThatInherits_IsJudgedWithAllThatItInheritsFrom(string? allowedAbove, string code)
    {
        var parent = Policy($$$"""{"sid":"above","effect":"Allow","actions":["tool:execute"],"resources":["{{{allowedAbove ?? "github"}}}"]}""");
        var own = Policy("""{"sid":"tools","effect":"Allow","actions":["tool:execute"],"resources":["github"]}""");
        _run.Policy = RunBuilder.With(own, "inherits", JsonValue.Of(Sha256.OfCanonical(parent)));
        _run.Parents = allowedAbove is null ? [] : [parent];
        _run.Approval = null;

        AssertFails(code);
    }

    private static PurposeKey Same(PurposeKey key, KeyPurpose purpose, byte number)
    {
        var same = RunKeys.Key(purpose, number);
        Assert.Equal(key.PublicKey.Did, same.PublicKey.Did);
        return same;
    }

    private static AuditAnswer Of(AuditReport report, string id) => report.Answers.Single(answer => answer.Id == id);

    private JsonValue Policy(string statement) => JsonReader.Parse(
        Encoding.UTF8.GetBytes($$$"""
            {"policy_version":"2","policy_id":"pol_2","issuer_did":"{{{_run.Keys.Policy.PublicKey.Did}}}","statements":[{{{statement}}},
              {"sid":"rest","effect":"Allow","actions":["model:invoke","side_effect:network_egress"],"resources":["**"]}]}
            """),
        1 << 20).Value;

    private HumanApproval ApprovalOf(JsonValue decision) => new()
    {
        ReceiptId = "har_1",
        ApproverSubject = "email:alice@example.com",
        LifetimeSeconds = 10,
        Timestamp = _run.Now.AddHours(-1),
        Action = new ApprovedAction
        {
            AgentDid = _run.Keys.Agent.PublicKey.Did,
            TokenScopeHash = decision.FindText("token_scope_hash_b64u") ?? "",
            PolicyHash = decision.FindText("policy_hash_b64u") ?? "",
            ActionDigest = ActionDigest.Compute(new PolicyQuestion { Tool = Core.Grammar.ToolName.TryParse("github", out var tool) ? tool : null }, null),
        },
    };

    private string HashOfApproval()
    {
        using var other = new RunBuilder { Policy = _run.Policy };
        var hash = "";
        other.Approval = decision =>
        {
            var signed = _signer.SignEnvelope(EnvelopeTypes.HumanApprovalReceipt, ApprovalOf(decision).ToPayload().Value, _run.Now);
            hash = signed.PayloadHash;
            return signed;
        };
        _ = other.Build();
        return hash;
    }

    private AuditReport Audit(params ImmutableArray<string> approvers) => AuditVerifier.Verify(_run.Bytes(), _run.Keys.Trusted, approvers, _run.Now);

    // The question about the policy fails with that code, or the whole run holds where none is named.
    private void AssertFails(string code, params ImmutableArray<string> approvers)
    {
        var report = Audit(approvers);

        if (code.Length == 0)
        {
            Assert.Equal([], report.Answers.SelectMany(static answer => answer.Problems));
            return;
        }

        Assert.Contains(Of(report, "policy").Problems, problem => problem.Code == code);
        Assert.False(report.Holds);
    }
}
