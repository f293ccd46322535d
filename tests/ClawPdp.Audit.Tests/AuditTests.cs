using System.Collections.Immutable;
using System.Text;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;

namespace ClawPdp.Audit.Tests;

public sealed class AuditTests : IDisposable
{
    private readonly RunBuilder _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Verify_WholeRun_HoldsInEveryQuestion()
    {
        var report = Audit(_run.Bytes());

        Assert.Equal([], report.Answers.SelectMany(static answer => answer.Problems));
        Assert.True(report.Holds);
        Assert.Equal(
            ["form", "keys", "log", "completeness", "bundles", "identity", "mapping", "delegation", "token", "scope", "policy", "decisions", "time"],
            report.Answers.Select(static answer => answer.Id));
        Assert.Equal([("allowed_never_reported", 1), ("reported_without_decision", 0), ("reported_late", 0), ("in_doubt", 0), ("signed_before_revocation", 0), ("not_in_bundles", 0), ("refused", 1)], report.Lists.Select(static list => (list.Id, list.Items.Length)));
    }

    [Fact]
    public void Verify_NobodyIsTrusted_DoesNotHold()
    {
        var report = AuditVerifier.Verify(_run.Bytes(), [], _run.Now);

        Assert.False(report.Holds);
        Assert.Equal(AnswerStatus.Fails, Of(report, "keys").Status);
        Assert.Equal(AnswerStatus.Fails, Of(report, "log").Status);
        Assert.Equal(AnswerStatus.Fails, Of(report, "bundles").Status);
        Assert.Equal(AnswerStatus.Fails, Of(report, "identity").Status);
        Assert.Equal(AnswerStatus.Fails, Of(report, "policy").Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"evidence_version\":\"2\"}")]
    public void Verify_NoEvidenceFile_FailsInFormAndAnswersNothing(string text)
    {
        var report = Audit(Encoding.UTF8.GetBytes(text));

        Assert.Equal("FILE_MALFORMED", Of(report, "form").Problems[0].Code);
        Assert.All(report.Answers.Skip(1), static answer => Assert.Equal(AnswerStatus.NotAnswered, answer.Status));
    }

    [Theory]
    [InlineData("owner_ref", "identity", "OWNER_REF_MISMATCH")]
    [InlineData("sub", "identity", "TOKEN_OF_ANOTHER_AGENT")]
    [InlineData("token_scope_hash_b64u", "token", "SCOPE_HASH_MISMATCH")]
    [InlineData("mapping_hash_b64u", "mapping", "DOCUMENT_MISSING")]
    public void Verify_IssuanceSaysSomethingElse_IsFound(string member, string question, string code)
    {
        _run.Issuance = payload => RunBuilder.With(payload, member, JsonValue.Of(RunKeys.Key(KeyPurpose.Agent, 9).PublicKey.Did));

        AssertFails(question, code);
    }

    [Fact]
    public void Verify_GroupThatGrantsNothing_IsFound()
    {
        _run.Mapping = _run.Mapping.Replace("engineers", "analysts", StringComparison.Ordinal);

        AssertFails("mapping", "GRANT_NOT_GIVEN");
    }

    [Theory]
    [InlineData("\"argo-cd\",\"github\"", "\"github\"", "SCOPE_EXCEEDED")]
    [InlineData("3600", "599", "LIFETIME_EXCEEDED")]
    [InlineData("3600", "600", "")]
    [InlineData("\"okta_group\"", "\"policy_pin\":{\"policy_hash_b64u\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"},\"okta_group\"", "PIN_MISMATCH")]
    public void Verify_MappingGrantsLess_IsFound(string from, string to, string code)
    {
        var mapping = _run.Mapping.Replace(from, to, StringComparison.Ordinal);
        _run.Mapping = JsonWriter.CanonicalText(JsonReader.Parse(Encoding.UTF8.GetBytes(mapping), 1 << 20).Value);

        AssertFails("mapping", code);
    }

    [Theory]
    [InlineData("tool:github", "scope", "ACTION_OUTSIDE_SCOPE")]
    [InlineData("model:gpt-4o", "scope", "ACTION_OUTSIDE_SCOPE")]
    [InlineData("egress:api.github.com", "scope", "ACTION_OUTSIDE_SCOPE")]
    [InlineData("tool:argo-cd", "scope", "")]
    public void Verify_TokenGrantedLess_IsFound(string item, string question, string code)
    {
        _run.Claims = claims => claims with { Scope = claims.Scope.Remove(item) };

        AssertFails(question, code);
    }

    [Fact]
    public void Verify_PolicyDoesNotAllowTheModel_IsFound()
    {
        _run.PolicyModels = ["claude-*"];

        AssertFails("policy", "POLICY_VIOLATED");
    }

    [Theory]
    [InlineData("tool", "terraform", "scope", "ACTION_DIFFERS")]
    [InlineData("policy_hash_b64u", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", "policy", "POLICY_MISMATCH")]
    [InlineData("decision_id", "dec_10", "decisions", "DECISION_MISMATCH")]
    [InlineData("token_hash", "00", "identity", "ISSUANCE_MISSING")]
    [InlineData("signed_at", "2026-01-01T12:00:11.0000000Z", "time", "RECEIPT_TIME_DIFFERS")]
    [InlineData("receipt_id", "rcpt_9", "bundles", "BUNDLE_DIFFERS")]
    [InlineData("run_id", "run_2", "form", "RECORD_OF_ANOTHER_RUN")]
    public void Verify_RecordSaysSomethingElseThanItsReceipt_IsFound(string member, string value, string question, string code)
    {
        _run.Receipt = content => content.FindText("receipt_type") is "tool_receipt" ? RunBuilder.With(content, member, JsonValue.Of(value)) : content;

        AssertFails(question, code);
    }

    [Theory]
    [InlineData("effect", "DENY")]
    [InlineData("tool", "argo-cd")]
    [InlineData("run_id", "run_2")]
    [InlineData("token_scope_hash_b64u", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")]
    public void Verify_DecisionWasAboutSomethingElse_IsFound(string member, string value)
    {
        _run.Decision = content => content.FindText("tool") is "github" ? RunBuilder.With(content, member, JsonValue.Of(value)) : content;

        AssertFails("decisions", "DECISION_MISMATCH");
    }

    [Fact]
    public void Verify_ReceiptOfAnotherToken_IsFound()
    {
        _run.Binding = binding => binding with { TokenScopeHash = binding.EventHash };

        AssertFails("token", "SCOPE_HASH_MISMATCH");
    }

    [Fact]
    public void Verify_ReceiptUnderAnotherPolicyThanThePin_IsFound()
    {
        _run.Binding = static binding => binding with { PolicyHash = null };

        AssertFails("policy", "PIN_MISMATCH");
    }

    [Theory]
    [InlineData(-1, "REPORTED_BEFORE_ISSUANCE")]
    [InlineData(0, "")]
    [InlineData(599.999, "")]
    [InlineData(600, "REPORTED_AFTER_EXPIRY")]
    public void Verify_ReceiptOutsideTheTokensTime_IsFound(double seconds, string code)
    {
        _run.ReportedAfter = TimeSpan.FromSeconds(seconds);

        AssertFails("time", code);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "jti-1")]
    [InlineData(5, "kid-1")]
    [InlineData(8, "9999999999")]
    public void Verify_ReceiptAfterARevocation_IsFound(int kind, string value)
    {
        _run.Revocation = (kind, value.Length > 0 ? value : _run.TokenHash);

        AssertFails("time", "REPORTED_AFTER_REVOCATION");
    }

    [Theory]
    [InlineData(2, "jti-2")]
    [InlineData(8, "1767268800")]
    public void Verify_RevocationOfAnotherToken_ChangesNothing(int kind, string value)
    {
        _run.Revocation = (kind, value);

        AssertFails("time", "");
    }

    [Theory]
    [InlineData("event_count")]
    [InlineData("receipt_count")]
    [InlineData("decision_count")]
    [InlineData("refusal_count")]
    [InlineData("record_count")]
    [InlineData("segment_count")]
    public void Verify_SealCountsMore_IsFound(string member)
    {
        _run.Seal = seal => RunBuilder.With(seal, member, JsonValue.Of((long)(seal.Find(member)?.Number ?? 0) + 1));

        AssertFails("completeness", "COUNT_DIFFERS");
    }

    [Fact]
    public void Verify_OneKeyForTwoPurposes_IsFound()
    {
        _run.Keys.Log = RunKeys.Key(KeyPurpose.Log, 1);

        AssertFails("keys", "KEY_REUSED");
    }

    [Fact]
    public void Verify_BundleOfAnotherAgentsKey_IsFound()
    {
        var bytes = _run.Build();
        using var other = new RunBuilder();
        other.Keys.Agent = RunKeys.Key(KeyPurpose.Agent, 9);

        var report = Audit((bytes with { Exports = other.Build().Exports }).ToBytes());

        Assert.Contains(Of(report, "bundles").Problems, static problem => problem.Code is "BUNDLE_OF_ANOTHER_AGENT");
    }

    [Fact]
    public void Verify_RecordsOrEntriesLeftOutSwappedOrCutOff_IsFound()
    {
        var whole = _run.Build();
        Assert.True(Audit(whole.ToBytes()).Holds);

        for (var index = 0; index < whole.Records.Length; index++)
        {
            AssertDoesNotHold(whole with { Records = whole.Records.RemoveAt(index) }, index);
            AssertDoesNotHold(whole with { Records = whole.Records[..index] }, index);
            for (var other = index + 1; other < whole.Records.Length; other++)
            {
                AssertDoesNotHold(whole with { Records = Swap(whole.Records, index, other) }, index);
            }
        }

        for (var index = 0; index < whole.Entries.Length; index++)
        {
            AssertDoesNotHold(whole with { Entries = whole.Entries.RemoveAt(index) }, index);
            AssertDoesNotHold(whole with { Entries = Swap(whole.Entries, index, (index + 1) % whole.Entries.Length) }, index);
        }

        for (var index = 0; index < whole.Batches.Length; index++)
        {
            AssertDoesNotHold(whole with { Batches = whole.Batches.RemoveAt(index) }, index);
            AssertDoesNotHold(whole with { Batches = whole.Batches.Add(whole.Batches[index]) }, index);
        }

        for (var index = 0; index < whole.ReceiptProofs.Length; index++)
        {
            AssertDoesNotHold(whole with { ReceiptProofs = whole.ReceiptProofs.RemoveAt(index) }, index);
        }

        AssertDoesNotHold(whole with { Exports = [] }, 0);
        AssertDoesNotHold(whole with { RunId = "run_2" }, 0);
    }

    [Fact]
    public void Verify_OneBitOfAnyByteChanged_IsFoundWithAReason()
    {
        var bytes = _run.Bytes();
        var missed = new System.Collections.Concurrent.ConcurrentBag<string>();

        // Bit 0 turns every character into another one of the same kind, where bit 5 could only change the case.
        Parallel.For(0, bytes.Length, place =>
        {
            var changed = bytes.ToArray();
            changed[place] ^= 1;
            var report = Audit(changed);
            if (report.Holds || report.Answers.All(static answer => answer.Problems.IsEmpty))
            {
                missed.Add($"{place}: …{Encoding.UTF8.GetString(bytes, Math.Max(0, place - 40), Math.Min(60, bytes.Length - Math.Max(0, place - 40)))}…");
            }
        });

        Assert.Empty(missed);
    }

    private static ImmutableArray<T> Swap<T>(ImmutableArray<T> items, int left, int right) => items.SetItem(left, items[right]).SetItem(right, items[left]);

    private static AuditAnswer Of(AuditReport report, string id) => report.Answers.Single(answer => answer.Id == id);

    private AuditReport Audit(byte[] file) => AuditVerifier.Verify(file, _run.Keys.Trusted, _run.Now);

    private void AssertDoesNotHold(EvidenceFile file, int index) => Assert.False(Audit(file.ToBytes()).Holds, $"{index}");

    // The question fails with that code, or holds where none is named.
    private void AssertFails(string question, string code)
    {
        var report = Audit(_run.Bytes());
        var answer = Of(report, question);

        if (code.Length == 0)
        {
            Assert.Equal([], answer.Problems);
            return;
        }

        Assert.Contains(answer.Problems, problem => problem.Code == code);
        Assert.False(report.Holds);
    }
}
