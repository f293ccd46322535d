using System.Collections.Immutable;
using ClawPdp.Audit;
using ClawPdp.Audit.Reports;
using ClawPdp.Server.Cli;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Server.Tests;

[Trait("Door", "published")]
public sealed class ApprovalDoorTests : IClassFixture<ApprovalSidecar>, IClassFixture<DurableApprovalSidecar>
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private const string OtherHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFA";

    private readonly ApprovalSidecar _sidecar;
    private readonly DurableApprovalSidecar _durable;

    public ApprovalDoorTests(ApprovalSidecar sidecar, DurableApprovalSidecar durable)
    {
        _sidecar = sidecar;
        _durable = durable;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Authorize_DeniedThenApproved_IsAllowedOnce(bool isDurable)
    {
        var sidecar = isDurable ? _durable : _sidecar;
        var token = await sidecar.TokenOfAsync("alice");

        var denied = await AskAsync(sidecar, token, "run-once");
        var approval = await ApproveAsync(sidecar, denied);
        var allowed = await AskAsync(sidecar, token, "run-once", approval);
        var again = await AskAsync(sidecar, token, "run-once", approval);

        Assert.Equal((Effect.Deny, ReasonCode.CapabilityRequiresApproval, ReasonClass.Requestable), (denied.Effect, denied.ReasonCode, denied.ReasonClass));
        Assert.Equal((Effect.Allow, LogMode.Durable, 0), (allowed.Effect, allowed.LogMode, allowed.Obligations.Count));
        Assert.Null(allowed.CacheableUntil);
        Assert.Equal((Effect.Deny, ReasonCode.CapabilityRequiresApproval), (again.Effect, again.ReasonCode));
        Assert.Equal(denied.Obligations, again.Obligations);
        Assert.Contains("used before", again.Message, StringComparison.Ordinal);
        Assert.Equal(isDurable ? LogMode.Durable : LogMode.Asynchronous, again.LogMode);
    }

    [Fact]
    public async Task AuthorizeBatch_OneApprovalManyTimes_AllowsOne()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var approval = await ApproveAsync(_sidecar, await AskAsync(_sidecar, token, "run-batch"));
        var request = new AuthorizeBatchRequest();
        request.Requests.AddRange(Enumerable.Range(0, 20).Select(_ => Question(token, "run-batch", approval)));

        var answers = (await _sidecar.Client.Decisions.AuthorizeBatchAsync(request)).Responses;

        Assert.Single(answers, static answer => answer.Effect == Effect.Allow);
        Assert.Equal(19, answers.Count(static answer => answer.ReasonCode == ReasonCode.CapabilityRequiresApproval));
    }

    [Fact]
    public async Task Authorize_UsedAndFreshApprovalTogether_IsAllowedByTheFreshOne()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var denied = await AskAsync(_sidecar, token, "run-two");
        var used = await ApproveAsync(_sidecar, denied);
        var fresh = await ApproveAsync(_sidecar, denied);
        Assert.Equal(Effect.Allow, (await AskAsync(_sidecar, token, "run-two", used)).Effect);

        var second = await AskAsync(_sidecar, token, "run-two", used, fresh);
        var third = await AskAsync(_sidecar, token, "run-two", used, fresh, fresh);

        Assert.Equal((Effect.Allow, Effect.Deny), (second.Effect, third.Effect));
    }

    [Fact]
    public async Task Authorize_LedgerCannotBeWritten_DeniesAndUsesNothingUp()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var approval = await ApproveAsync(_sidecar, await AskAsync(_sidecar, token, "run-broken"));
        using var outside = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_sidecar.Settings.DataDirectory, "ledger.db"), Pooling = false }.ToString());
        await outside.OpenAsync(TestContext.Current.CancellationToken);
        using var begin = new SqliteCommand("BEGIN IMMEDIATE", outside);
        using var end = new SqliteCommand("ROLLBACK", outside);
        await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var denied = await AskAsync(_sidecar, token, "run-broken", approval);
        await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var allowed = await AskAsync(_sidecar, token, "run-broken", approval);

        Assert.Equal((Effect.Deny, ReasonCode.LedgerUnavailable), (denied.Effect, denied.ReasonCode));
        Assert.Equal(Effect.Allow, allowed.Effect);
    }

    [Fact]
    public async Task SignReceipt_NamesTheApprovedDecision_IsSignedOnceAndHoldsInTheAudit()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await _sidecar.Client.Receipts.SignReceiptAsync(Model(token, "run-approved", "n0"));
        var approval = await ApproveAsync(_sidecar, await AskAsync(_sidecar, token, "run-approved"));
        var allowed = await AskAsync(_sidecar, token, "run-approved", approval);

        var signed = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-approved", "n1", allowed.DecisionId));
        var repeated = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-approved", "n1", allowed.DecisionId));
        var again = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-approved", "n2", allowed.DecisionId));
        var evidence = await EvidenceAsync("run-approved");

        Assert.Equal(allowed.DecisionId, signed.Receipt?.DecisionId);
        Assert.True(repeated.Replayed);
        Assert.Equal((ReasonCode.DecisionMismatch, "decision_id"), (again.Refusal.ReasonCode, again.Refusal.Field));
        var report = Audit(evidence, _sidecar.ApproverDid);
        Assert.True(report.Holds, ProblemsOf(report));
        Assert.Equal([AnswerStatus.NotAnswered, AnswerStatus.NotAnswered], StatusesOf(Audit(evidence)));
        Assert.Equal([AnswerStatus.Fails, AnswerStatus.Fails], StatusesOf(Audit(evidence, "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT")));
    }

    [Fact]
    public async Task SignReceipt_NoApprovedDecision_IsRefusedWithWhatToApproveAndUsesNothingUp()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var denied = await AskAsync(_sidecar, token, "run-without");
        var approval = await ApproveAsync(_sidecar, denied);
        var request = Tool(token, "run-without", "n1", "");
        request.Approvals.Add(ByteString.CopyFrom(approval));

        var withApproval = await _sidecar.Client.Receipts.SignReceiptAsync(request);
        var withDenial = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-without", "n2", denied.DecisionId));
        var allowed = await AskAsync(_sidecar, token, "run-without", approval);

        Assert.Equal(ReasonCode.CapabilityRequiresApproval, withApproval.Refusal.ReasonCode);
        Assert.Equal(_sidecar.PolicyHash, Assert.Single(withApproval.Refusal.Obligations).Approval.PolicyHashB64U);
        Assert.Equal(ReasonCode.CapabilityRequiresApproval, withDenial.Refusal.ReasonCode);
        Assert.Equal(Effect.Allow, allowed.Effect);
    }

    [Fact]
    public async Task SignReceipt_OtherArgumentsThanThoseApproved_IsRefused()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var question = Question(token, "run-args");
        question.ArgsHashB64U = OtherHash;
        var denied = await _sidecar.Client.Decisions.AuthorizeAsync(question);
        question.Approvals.Add(ByteString.CopyFrom(await ApproveAsync(_sidecar, denied)));
        var allowed = await _sidecar.Client.Decisions.AuthorizeAsync(question);

        var other = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-args", "n1", allowed.DecisionId));
        var same = Tool(token, "run-args", "n2", allowed.DecisionId);
        same.ToolCall.ArgsHashB64U = OtherHash;
        var signed = await _sidecar.Client.Receipts.SignReceiptAsync(same);

        Assert.Equal(Effect.Allow, allowed.Effect);
        Assert.Equal(ReasonCode.CapabilityRequiresApproval, other.Refusal.ReasonCode);
        Assert.NotNull(signed.Receipt);
    }

    [Fact]
    public async Task SignReceipt_WhatWasStated_CountsFromTheDecisionOrTheReceiptAndHoldsInTheAudit()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await _sidecar.Client.Receipts.SignReceiptAsync(Model(token, "run-stated", "n0"));
        var question = Question(token, "run-stated");
        question.Tool = "terraform";
        question.Context.Add("Caller:Ticket", "OPS-1");
        question.Context.Add("Caller:Noise", "not looked at");

        // At once, while the record of the decision may still be on its way.
        var allowed = await _sidecar.Client.Decisions.AuthorizeAsync(question);
        var decided = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-stated", "n1", allowed.DecisionId, "terraform"));
        var bare = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-stated", "n2", "", "terraform"));
        var own = Tool(token, "run-stated", "n3", "", "terraform");
        own.Context.Add("Caller:Ticket", "OPS-1");
        var stated = await _sidecar.Client.Receipts.SignReceiptAsync(own);
        var evidence = await EvidenceAsync("run-stated");

        Assert.Equal((Effect.Allow, LogMode.Asynchronous), (allowed.Effect, allowed.LogMode));
        Assert.NotNull(decided.Receipt);
        Assert.Equal(ReasonCode.PolicyViolation, bare.Refusal.ReasonCode);
        Assert.NotNull(stated.Receipt);
        var report = Audit(evidence);
        Assert.True(report.Holds, ProblemsOf(report));
        Assert.DoesNotContain("not looked at", System.Text.Encoding.UTF8.GetString(evidence), StringComparison.Ordinal);
    }

    private static AuthorizeRequest Question(string token, string run, params ReadOnlySpan<byte[]> approvals)
    {
        var request = new AuthorizeRequest { Cst = token, Tool = "argo-cd", RunId = run };
        foreach (var approval in approvals)
        {
            request.Approvals.Add(ByteString.CopyFrom(approval));
        }

        return request;
    }

    private static async Task<AuthorizeResponse> AskAsync(ApprovalSidecar sidecar, string token, string run, params byte[][] approvals) =>
        await sidecar.Client.Decisions.AuthorizeAsync(Question(token, run, approvals));

    // By the command, from the answer as a protobuf client prints it.
    private static async Task<byte[]> ApproveAsync(ApprovalSidecar sidecar, AuthorizeResponse denied)
    {
        var request = Path.Combine(sidecar.Installation.Directory, Guid.NewGuid().ToString("N") + ".json");
        await File.WriteAllTextAsync(request, JsonFormatter.Default.Format(denied), TestContext.Current.CancellationToken);
        var code = await CommandLine.RunAsync(
            ["approve", "--request", request, "--agent", sidecar.Client.AgentDid, "--approver", "email:alice@example.com", "--key", sidecar.KeyPath, "--out", request + ".approval", "--yes"]);
        Assert.Equal(ExitCodes.Ok, code);
        return await File.ReadAllBytesAsync(request + ".approval", TestContext.Current.CancellationToken);
    }

    private static SignReceiptRequest Tool(string token, string run, string nonce, string decisionId, string tool = "argo-cd") => new()
    {
        Cst = token,
        RunId = run,
        Nonce = nonce,
        DecisionId = decisionId,
        ToolCall = new ToolCall { ToolName = tool, ArgsHashB64U = Hash, ResultHashB64U = Hash },
    };

    private static SignReceiptRequest Model(string token, string run, string nonce) => new()
    {
        Cst = token,
        RunId = run,
        Nonce = nonce,
        ModelCall = new ModelCall { Provider = "openai", Model = "gpt-4o", RequestHashB64U = Hash, ResponseHashB64U = Hash },
    };

    private static string ProblemsOf(AuditReport report) =>
        string.Join('\n', report.Answers.SelectMany(static answer => answer.Problems).Select(static problem => $"{problem.Code}: {problem.Message}"));

    private static AnswerStatus[] StatusesOf(AuditReport report) =>
        [.. report.Answers.Where(static answer => answer.Id is "keys" or "policy").Select(static answer => answer.Status)];

    private AuditReport Audit(byte[] evidence, params ImmutableArray<string> approvers) =>
        AuditVerifier.Verify(evidence, _sidecar.Installation.TrustedDids(), approvers, TimeProvider.System.GetUtcNow());

    private async Task<byte[]> EvidenceAsync(string run)
    {
        using var call = _sidecar.Client.Audits.ExportRun(new ExportRunRequest { RunId = run });
        var content = new List<byte>();
        await foreach (var piece in call.ResponseStream.ReadAllAsync())
        {
            if (piece.File is { Name: "evidence.json" } file)
            {
                content.AddRange(file.Content.Span);
            }
        }

        return [.. content];
    }
}
