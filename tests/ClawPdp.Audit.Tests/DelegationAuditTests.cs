using ClawPdp.Audit.Reports;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Audit.Tests;

public sealed class DelegationAuditTests : IDisposable
{
    private readonly RunBuilder _run = new() { Delegation = new DelegationBuilder() };

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Verify_RunUnderADelegatedToken_Holds()
    {
        var report = Audit();

        Assert.Equal([], report.Answers.SelectMany(static answer => answer.Problems));
        Assert.True(report.Holds);
        Assert.Contains("1 delegated tokens", Of(report, "delegation").Answer, StringComparison.Ordinal);
        Assert.Equal("00u1 at https://id.example", Of(report, "identity").Answer);
    }

    public static TheoryData<string, Func<CstClaims, CstClaims>> Exceeding => new()
    {
        { "tool", static parent => parent with { Scope = parent.Scope.Remove("tool:github") } },
        { "model", static parent => parent with { Scope = parent.Scope.Remove("model:gpt-4o") } },
        { "host", static parent => parent with { Scope = parent.Scope.Remove("egress:api.github.com").Add("egress:*.api.github.com") } },
        { "audience", static parent => parent with { Audience = ["another"] } },
        { "end", static parent => parent with { ExpiresAt = parent.ExpiresAt - 1 } },
        { "beginning", static parent => parent with { IssuedAt = parent.IssuedAt + 1 } },
        { "mission", static parent => parent with { MissionId = "mission" } },
        { "pin", static parent => parent with { PolicyHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" } },
        { "spending", static parent => parent with { SpendCap = 1 } },
    };

    [Theory]
    [MemberData(nameof(Exceeding))]
    public void Verify_ParentHadLess_IsFound(string dimension, Func<CstClaims, CstClaims> parent)
    {
        Delegation.Parent = parent;

        AssertFails("DELEGATION_EXCEEDED", dimension);
    }

    [Fact]
    public void Verify_ParentHadMore_Holds()
    {
        Delegation.Parent = static parent => parent with { Scope = parent.Scope.Remove("egress:api.github.com").Add("egress:*.github.com"), ExpiresAt = parent.ExpiresAt + 1, IssuedAt = parent.IssuedAt - 1, Audience = [.. parent.Audience, "another"] };
        _run.Mapping = _run.Mapping.Replace("api.github.com", "*.github.com", StringComparison.Ordinal).Replace("[\"clawpdp\"]", "[]", StringComparison.Ordinal);

        Assert.Equal([], Of(Audit(), "delegation").Problems);
    }

    [Theory]
    [InlineData("delegator_did")]
    [InlineData("delegate_did")]
    [InlineData("delegate_bundle_hash_b64u")]
    public void Verify_ReceiptIsAboutSomethingElse_IsFound(string member)
    {
        var other = member.EndsWith("did", StringComparison.Ordinal) ? "did:web:other" : "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        Delegation.Receipt = payload => RunBuilder.With(payload, member, JsonValue.Of(other));

        AssertFails("DELEGATION_MISMATCH", member);
    }

    [Fact]
    public void Verify_ReceiptIsNone_IsFound()
    {
        Delegation.Receipt = static payload => RunBuilder.With(payload, "receipt_version", JsonValue.Of("2"));

        AssertFails("DELEGATION_RECEIPT_INVALID", "receipt");
    }

    [Theory]
    [InlineData("delegator_did")]
    [InlineData("delegate_did")]
    [InlineData("owner_did")]
    public void Verify_ClaimsBindToSomebodyElse_IsFound(string member)
    {
        Delegation.Child = payload => RunBuilder.With(payload, member, JsonValue.Of("did:web:other"));

        AssertFails("DELEGATION_MISMATCH", member);
    }

    [Fact]
    public void Verify_ParentLeadsToNoUser_IsNotAnswered()
    {
        Delegation.IsRooted = false;
        var report = Audit();

        Assert.False(report.Holds);
        Assert.Contains(Of(report, "identity").Problems, static problem => problem.Code is "ISSUANCE_MISSING");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Verify_ParentWasRevokedBefore_IsFound(int kind)
    {
        _run.Revocation = (kind, kind == 1 ? DelegationBuilder.ParentHash : RunKeys.Key(Crypto.KeyPurpose.Agent, 7).PublicKey.Did);

        Assert.Contains(Of(Audit(), "time").Problems, static problem => problem.Code is "REPORTED_AFTER_REVOCATION");
    }

    private DelegationBuilder Delegation => _run.Delegation ?? throw new InvalidOperationException("the run has no delegation");

    private static AuditAnswer Of(AuditReport report, string id) => report.Answers.Single(answer => answer.Id == id);

    private AuditReport Audit() => AuditVerifier.Verify(_run.Bytes(), _run.Keys.Trusted, _run.Now);

    private void AssertFails(string code, string what)
    {
        var answer = Of(Audit(), "delegation");

        Assert.True(answer.Status == AnswerStatus.Fails, what);
        Assert.Contains(answer.Problems, problem => problem.Code == code);
    }
}
