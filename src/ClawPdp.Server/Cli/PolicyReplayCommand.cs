using System.CommandLine;
using ClawPdp.Authoring.Replay;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy replay</c>: what a candidate would have answered to the questions that were recorded.</summary>
internal static class PolicyReplayCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var log = new Option<string>("--log")
        {
            Description = "where the decisions are: a data directory, the evidence of a run, or decision records as JSON Lines; - for standard input",
            HelpName = "PATH",
            Required = true,
        };
        var candidate = new Option<string>("--candidate") { Description = "the policy to try", HelpName = "FILE", Required = true };
        var with = PolicyInput.With();
        var json = CommonOptions.Json();
        var command = new Command("replay", "Put recorded questions to a policy, and print what it would answer otherwise") { log, candidate, with, json };
        command.SetAction(parsed => Replay(parsed.GetValue(log) ?? "", parsed.GetValue(candidate) ?? "", parsed.GetValue(with) ?? [], parsed.GetValue(json)));
        return command;
    }

    private static int Replay(string log, string candidate, string[] with, bool isJson)
    {
        var recorded = RecordedDecisions.Open(log);
        var shelf = PolicyInput.LoadShelf(with);
        foreach (var policy in recorded.Policies())
        {
            shelf.Add(policy);
        }

        var replay = new PolicyReplay(PolicyInput.Resolve(candidate, PolicyInput.Load(candidate), shelf), shelf.Find);
        foreach (var decision in recorded.Decisions())
        {
            replay.Add(decision);
        }

        var report = replay.Report();
        Print(report, isJson);
        return report.Changes.IsEmpty ? ExitCodes.Ok : ExitCodes.BadVerdict;
    }

    private static void Print(ReplayReport report, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("read_count", report.ReadCount)
                .Add("before_policy_count", report.BeforePolicyCount)
                .Add("same_count", report.SameCount)
                .Add("reproduced_count", report.ReproducedCount)
                .Add("not_reproduced", JsonValue.ArrayOf(report.NotReproduced))
                .Add("changes", JsonValue.ArrayOf([.. report.Changes.Select(Write)]))
                .Build());
            return;
        }

        foreach (var change in report.Changes)
        {
            var by = change.StatementIds.IsEmpty ? "no statement allows it" : "by " + string.Join(", ", change.StatementIds);
            Output.Coloured($"{change.Was} -> {change.Would}  {change.Count} times, {by}, first {change.DecisionId}", change.Would is "ALLOWED" ? "yellow" : "red");
            foreach (var (action, count) in change.Actions)
            {
                Output.Line($"    {count,6} x {action}");
            }
        }

        foreach (var decisionId in report.NotReproduced)
        {
            Output.Coloured($"not made again from its record: {decisionId}", "yellow");
        }

        Output.Line($"{report.ReadCount} decisions: {report.SameCount} the same, {report.Changes.Sum(static change => change.Count)} otherwise, {report.BeforePolicyCount} denied before the policy was asked; "
            + $"{report.ReproducedCount} made again by the policy that was in force");
    }

    private static JsonValue Write(ReplayChange change) => new JsonObjectBuilder()
        .Add("was", change.Was)
        .Add("would", change.Would)
        .Add("statement_ids", JsonValue.ArrayOf(change.StatementIds))
        .Add("count", change.Count)
        .Add("first_decision_id", change.DecisionId)
        .Add("actions", JsonValue.ArrayOf([.. change.Actions.Select(static action => new JsonObjectBuilder().Add("action", action.Action).Add("count", action.Count).Build())]))
        .Build();
}
