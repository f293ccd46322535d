using System.Collections.Immutable;
using ClawPdp.Audit.Reports;
using ClawPdp.Crypto;

namespace ClawPdp.Audit.Tests;

/// <summary>A key of receipts that was stolen: what it signed before its revocation holds, what it signed afterwards does not, and the auditor may believe less.</summary>
public sealed class ReceiptKeyAuditTests : IDisposable
{
    private const int KeyIdKind = 5;

    private readonly RunBuilder _run = new();
    private readonly PurposeKey _next = RunKeys.Key(KeyPurpose.Receipt, 11);

    private string KeyId => _run.Keys.Receipt.PublicKey.KeyId;

    public void Dispose()
    {
        _run.Dispose();
        _next.Dispose();
    }

    [Fact]
    public void Verify_ReceiptsAfterTheRevocationOfTheirKey_FailEach()
    {
        _run.Revocation = (KeyIdKind, KeyId);

        var report = Audit();

        Assert.Equal(4 + 1, ProblemsOf(report).Count(static code => code == "RECEIPT_KEY_REVOKED"));
        Assert.Equal(AnswerStatus.Fails, report.Answers.Single(static answer => answer.Id == "keys").Status);
        Assert.Single(ListOf(report));
        Assert.Contains(KeyId, report.Answers.Single(static answer => answer.Id == "keys").Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_ReceiptsBeforeTheRevocationOfTheirKey_HoldAndAreNamed()
    {
        _run.LateRevocation = (KeyIdKind, KeyId);
        _run.Exporter = _next;

        var report = Audit();

        Assert.Equal([], ProblemsOf(report));
        Assert.Equal(4 + 1, ListOf(report).Length);
        Assert.All(ListOf(report), item => Assert.Contains(KeyId, item, StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_ExportOfARevokedKey_Fails()
    {
        _run.LateRevocation = (KeyIdKind, KeyId);

        Assert.Equal(["RECEIPT_KEY_REVOKED"], ProblemsOf(Audit()));
    }

    [Fact]
    public void Verify_RevocationOfAnotherKey_ChangesNothing()
    {
        _run.Revocation = (KeyIdKind, _next.PublicKey.KeyId);

        var report = Audit();

        Assert.Equal([], ProblemsOf(report));
        Assert.Empty(ListOf(report));
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("@2026-01-01T11:00:00Z", 6)]
    [InlineData("@2026-01-01T12:00:10Z", 5)]
    [InlineData("@2026-01-01T12:00:11Z", 1)]
    [InlineData("@2026-01-01T12:31:00Z", 0)]
    public void Verify_KeyThatTheAuditorDoesNotBelieve_FailsFromThenOn(string since, int count)
    {
        Assert.Equal(Enumerable.Repeat("RECEIPT_KEY_DISTRUSTED", count), ProblemsOf(Audit(KeyId + since)));
        Assert.Equal(Enumerable.Repeat("RECEIPT_KEY_DISTRUSTED", count), ProblemsOf(Audit(_run.Keys.Receipt.PublicKey.Did + since)));
        Assert.Equal([], ProblemsOf(Audit(_next.PublicKey.KeyId + since)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("did:key:z6Mk")]
    [InlineData("0d6d1b7c5f0e3a2")]
    [InlineData("0D6D1B7C5F0E3A21")]
    [InlineData("0d6d1b7c5f0e3a21@")]
    [InlineData("0d6d1b7c5f0e3a21@yesterday")]
    [InlineData("0d6d1b7c5f0e3a21@2026-01-01")]
    public void Read_MisspeltKey_IsNone(string text) => Assert.Null(DistrustedKey.Read(text));

    private static List<string> ProblemsOf(AuditReport report) => [.. report.Answers.SelectMany(static answer => answer.Problems).Select(static problem => problem.Code)];

    private static ImmutableArray<string> ListOf(AuditReport report) => report.Lists.Single(static list => list.Id == "signed_before_revocation").Items;

    private AuditReport Audit(params string[] distrusted) => AuditVerifier.Verify(
        _run.Bytes(),
        [.. _run.Keys.Trusted, _next.PublicKey.Did],
        [],
        [.. distrusted.Select(static text => DistrustedKey.Read(text) ?? throw new InvalidOperationException(text))],
        _run.Now);
}
