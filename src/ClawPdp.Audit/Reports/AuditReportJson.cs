using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Audit.Reports;

/// <summary>Writes a report as JSON.</summary>
public static class AuditReportJson
{
    /// <summary>Gives the report as one object.</summary>
    public static JsonValue Write(AuditReport report) => new JsonObjectBuilder()
        .Add("report_version", "1")
        .Add("run_id", report.RunId)
        .Add("audited_at", report.AuditedAt)
        .Add("holds", JsonValue.Of(report.Holds))
        .Add("answers", Array(report.Answers, Write))
        .Add("lists", Array(report.Lists, static list => new JsonObjectBuilder()
            .Add("id", list.Id)
            .Add("title", list.Title)
            .Add("items", JsonValue.ArrayOf(list.Items))
            .Build()))
        .Add("timeline", Array(report.Timeline, static item => new JsonObjectBuilder()
            .Add("time", item.Time)
            .Add("sequence", item.Sequence)
            .Add("kind", item.Kind)
            .Add("title", item.Title)
            .Add("detail", item.Detail)
            .Add("tone", item.Tone)
            .Build()))
        .Build();

    /// <summary>Gives the name of a status.</summary>
    public static string NameOf(AnswerStatus status) => status switch
    {
        AnswerStatus.Holds => "holds",
        AnswerStatus.Fails => "fails",
        _ => "not_answered",
    };

    private static JsonValue Write(AuditAnswer answer) => new JsonObjectBuilder()
        .Add("id", answer.Id)
        .Add("question", answer.Question)
        .Add("status", NameOf(answer.Status))
        .Add("answer", answer.Answer)
        .Add("problems", Array(answer.Problems, static problem => new JsonObjectBuilder()
            .Add("code", problem.Code)
            .Add("message", problem.Message)
            .AddIfPresent("sequence", problem.Sequence > 0 ? problem.Sequence : null)
            .Build()))
        .Add("evidence", Array(answer.Evidence, static item => new JsonObjectBuilder().Add("name", item.Name).Add("value", item.Value).Build()))
        .Build();

    private static JsonValue Array<T>(ImmutableArray<T> items, Func<T, JsonValue> write) => JsonValue.ArrayOf([.. items.Select(write)]);
}
