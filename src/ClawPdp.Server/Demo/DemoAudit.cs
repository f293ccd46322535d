using System.Collections.Immutable;
using System.Text;
using ClawPdp.Audit;
using ClawPdp.Audit.Reports;
using ClawPdp.Files;
using ClawPdp.TransparencyLog;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Demo;

/// <summary>The last part of the demo: a whole run, its export, and what an auditor sees.</summary>
internal sealed class DemoAudit
{
    /// <summary>The run that is done and audited.</summary>
    public const string RunId = "run-audited";

    private const string Model = "claude-sonnet-4-20250514";
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private const string EvidenceName = "evidence.json";
    private const string Holds = "holds";

    private readonly DemoClient _client;
    private readonly DemoInstallation _installation;
    private readonly DemoReport _report;
    private readonly TimeProvider _time;

    public DemoAudit(DemoClient client, DemoInstallation installation, DemoReport report, TimeProvider time)
    {
        _client = client;
        _installation = installation;
        _report = report;
        _time = time;
    }

    /// <summary>Does the run and audits it.</summary>
    /// <param name="token">The agent's token.</param>
    public async Task TellAsync(string token)
    {
        await RunAsync(token);
        await ExportAsync();
        var trusted = _installation.TrustedDids();
        var evidence = await File.ReadAllBytesAsync(PathOf(EvidenceName));
        var report = AuditVerifier.Verify(evidence, trusted, _time.GetUtcNow());
        foreach (var answer in report.Answers)
        {
            _report.Expect(answer.Question, Holds, answer.Status == AnswerStatus.Holds ? Holds : answer.Answer);
        }

        _report.Expect("the same file with one tool renamed", "does not hold", Verdict(Forged(evidence), trusted));
        _report.Expect("the same file for an auditor who trusts other keys", "does not hold", Verdict(evidence, [_client.AgentDid]));
        Save("report.html", Encoding.UTF8.GetBytes(AuditReportHtml.Write(report)));
        var log = LogCheck.Run(Path.Combine(_installation.DataDirectory, "log"), trusted, olderNote: null);
        _report.Expect("the whole transparency log, from its files", Holds, log.Holds ? Holds : log.Steps[^1].Detail);
    }

    private async Task RunAsync(string token)
    {
        _report.Chapter("A whole run, asked before and reported after every action");
        var started = await _client.Runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = RunId });
        _report.Expect("the agent starts a run", RunId, started.Run?.RunId ?? DemoWords.Of(started.Refusal));
        var planned = await _client.Runs.AppendEventAsync(new AppendEventRequest { Cst = token, RunId = RunId, EventId = "plan-1", EventType = "plan", PayloadHashB64U = Hash });
        _report.Expect("an event of its own", "plan", planned.Event?.EventType ?? DemoWords.Of(planned.Refusal));

        var model = new SignReceiptRequest { ModelCall = new ModelCall { Provider = "anthropic", Model = Model, RequestHashB64U = Hash, ResponseHashB64U = Hash, TokensInput = 812, TokensOutput = 96, LatencyMs = 1_250 } };
        await ActAsync("a model call", token, "m-1", new AuthorizeRequest { Model = Model, Provider = "anthropic" }, model);
        var tool = new SignReceiptRequest { ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash, ResultStatus = ResultStatus.Success, LatencyMs = 310 } };
        await ActAsync("a tool call", token, "t-1", new AuthorizeRequest { Tool = "github" }, tool);
        var effect = new SignReceiptRequest { SideEffect = new SideEffect { EffectClass = EffectClass.NetworkEgress, Host = "api.github.com", RequestHashB64U = Hash, ResponseHashB64U = Hash, ResponseStatus = ResultStatus.Success, LatencyMs = 95 } };
        await ActAsync("data sent to a host", token, "e-1", new AuthorizeRequest { Host = "api.github.com" }, effect);

        var denied = await _client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, RunId = RunId, Tool = "splunk" });
        _report.Expect("something that it may not do", "TOOL_NOT_ALLOWED", DemoWords.Of(denied));
        var unused = await _client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, RunId = RunId, Tool = "terraform" });
        _report.Expect("something that it may do, and leaves", DemoWords.Allowed, DemoWords.Of(unused));
        var finished = await _client.Runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = RunId });
        _report.Expect("the run is finished", "4 events, 3 receipts", $"{finished.Run?.EventCount} events, {finished.Run?.ReceiptCount} receipts");
    }

    private async Task ActAsync(string words, string token, string nonce, AuthorizeRequest question, SignReceiptRequest receipt)
    {
        question.Cst = token;
        question.RunId = RunId;
        question.PolicyHash = _installation.PolicyHash;
        var decision = await _client.Decisions.AuthorizeAsync(question);
        receipt.Cst = token;
        receipt.RunId = RunId;
        receipt.Nonce = nonce;
        receipt.DecisionId = decision.DecisionId;
        var signed = await _client.Receipts.SignReceiptAsync(receipt);
        _report.Expect($"{words}: asked, done, reported", $"{DemoWords.Allowed}, {DemoWords.Signed}", $"{DemoWords.Of(decision)}, {DemoWords.Of(signed)}");
    }

    private async Task ExportAsync()
    {
        _report.Chapter("The run is exported; an auditor checks it with the files and the public keys alone");
        using var content = new MemoryStream();
        var outcome = "nothing";
        using var call = _client.Audits.ExportRun(new ExportRunRequest { RunId = RunId });
        await foreach (var piece in call.ResponseStream.ReadAllAsync())
        {
            if (piece.PieceCase != ExportRunResponse.PieceOneofCase.File)
            {
                outcome = DemoWords.Of(piece.Refusal);
                break;
            }

            piece.File.Content.WriteTo(content);
            if (piece.File.IsLast)
            {
                Save(piece.File.Name, content.ToArray());
                content.SetLength(0);
                outcome = "exported";
            }
        }

        _report.Expect("the evidence of the run", "exported", outcome);
    }

    private string Verdict(byte[] evidence, ImmutableArray<string> trusted) =>
        AuditVerifier.Verify(evidence, trusted, _time.GetUtcNow()).Holds ? Holds : "does not hold";

    private static byte[] Forged(byte[] evidence) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(evidence).Replace("github\\\"", "gitlab\\\"", StringComparison.Ordinal));

    private string PathOf(string file) => Path.Combine(_installation.Directory, file);

    private void Save(string file, ReadOnlySpan<byte> content)
    {
        DurableFile.Write(PathOf(file), content);
        _report.Tell("written", PathOf(file));
    }
}
