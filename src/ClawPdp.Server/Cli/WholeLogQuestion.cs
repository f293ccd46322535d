using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Cli;

/// <summary>The one question of an audit that needs more than the evidence file: the log's own files.</summary>
internal static class WholeLogQuestion
{
    /// <summary>Adds the answer to a report.</summary>
    /// <param name="report">The answers from the evidence file.</param>
    /// <param name="evidence">The evidence file, whose checkpoint the log has to go on from.</param>
    /// <param name="folder">The log's folder, or a copy of it.</param>
    /// <param name="trusted">The did:keys that count.</param>
    public static AuditReport AddTo(AuditReport report, ReadOnlySpan<byte> evidence, string folder, ImmutableArray<string> trusted)
    {
        if (!EvidenceReader.Read(evidence).TryGet(out var file))
        {
            return report;
        }

        var result = LogCheck.Run(folder, trusted, file.Checkpoint);
        var answer = new AuditAnswer
        {
            Id = "whole_log",
            Question = "Is the whole log without a gap or a change, and does it go on from this file's checkpoint?",
            Status = result.Holds ? AnswerStatus.Holds : AnswerStatus.Fails,
            Answer = result.Holds
                ? string.Create(CultureInfo.InvariantCulture, $"all {result.Checkpoint?.Size} entries are there, and the first of them are those of this file's checkpoint")
                : result.Steps[^1].Detail,
            Problems = [.. result.Steps.Where(static step => !step.Passed).Select(static step => new AuditProblem("LOG_INVALID", $"{step.Name}: {step.Detail}", 0))],
            Evidence = [.. result.Steps.Select(static step => (step.Name, step.Detail))],
        };
        return report with { Answers = report.Answers.Add(answer) };
    }
}
