using System.Collections.Immutable;
using System.CommandLine;
using ClawPdp.Audit;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Files;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp audit export|verify</c>.</summary>
internal static class AuditCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("audit", "Export the evidence of a run, and check it offline") { ExportCommand.Create(), Verify() };

    private static Command Verify()
    {
        var file = new Argument<string>("FILE") { Description = "the evidence file, or - for standard input" };
        var trust = CommonOptions.Trust();
        var approver = new Option<string[]>("--trust-approver") { Description = "a did:key whose approvals of actions count; may be repeated", HelpName = "DID", AllowMultipleArgumentsPerToken = true };
        var distrust = new Option<string[]>("--distrust")
        {
            Description = "a key of receipts (its kid or did:key) that is not believed, with @TIME from then on; may be repeated",
            HelpName = "KEY[@TIME]",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = CommonOptions.Json();
        var html = new Option<string?>("--html") { Description = "write the report as a page, too", HelpName = "OUT" };
        var log = new Option<string?>("--log") { Description = "the log's folder, or a copy of it: prove the whole of it, too", HelpName = "FOLDER" };
        var verify = new Command("verify", "Answer every question about a run, from its evidence file and the trusted keys alone") { file, trust, approver, distrust, log, json, html };
        verify.SetAction(parsed =>
        {
            var content = Input.Read(parsed.GetValue(file) ?? "", EvidenceFile.SizeMaxBytes);
            ImmutableArray<string> trusted = [.. parsed.GetValue(trust) ?? []];
            var report = AuditVerifier.Verify(content, trusted, [.. parsed.GetValue(approver) ?? []], [.. (parsed.GetValue(distrust) ?? []).Select(ReadDistrusted)], TimeProvider.System.GetUtcNow());
            if (parsed.GetValue(log) is { } folder)
            {
                report = WholeLogQuestion.AddTo(report, content, Input.RequireFolder(folder), trusted);
            }

            Print(report, parsed.GetValue(json));
            if (parsed.GetValue(html) is { } page)
            {
                DurableFile.Write(Path.GetFullPath(page), System.Text.Encoding.UTF8.GetBytes(AuditReportHtml.Write(report)));
            }

            return report.Holds ? ExitCodes.Ok : ExitCodes.BadVerdict;
        });
        return verify;
    }

    private static DistrustedKey ReadDistrusted(string text) =>
        DistrustedKey.Read(text) ?? throw new InputException($"--distrust: `{text}` is no key such as 0d6d1b7c5f0e3a21@2026-01-01T00:00:00Z: a kid of 16 hexadecimal digits or a did:key, and an instant");

    private static void Print(AuditReport report, bool isJson)
    {
        if (isJson)
        {
            Output.Json(AuditReportJson.Write(report));
            return;
        }

        // Problems first.
        foreach (var answer in report.Answers.OrderBy(static answer => answer.Status == AnswerStatus.Holds))
        {
            var isGood = answer.Status == AnswerStatus.Holds;
            Output.Coloured($"{(isGood ? "ok  " : answer.Status == AnswerStatus.Fails ? "FAIL" : "?   ")} {answer.Id,-12} {answer.Question}", isGood ? "green" : "red");
            foreach (var line in isGood ? [answer.Answer] : answer.Problems.Select(static problem => $"{problem.Code}: {problem.Message}"))
            {
                Output.Line("                  " + line);
            }
        }

        foreach (var list in report.Lists.Where(static list => !list.Items.IsEmpty))
        {
            Output.Coloured($"note {list.Title}:", "yellow");
            foreach (var item in list.Items)
            {
                Output.Line("                  " + item);
            }
        }

        Output.Coloured(report.Holds ? $"the run {report.RunId} holds" : "the run does not hold", report.Holds ? "green" : "red");
    }
}
