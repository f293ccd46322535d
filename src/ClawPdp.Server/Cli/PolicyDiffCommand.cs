using System.CommandLine;
using ClawPdp.Authoring.Analysis.Differences;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy diff</c>: says what two policies answer differently.</summary>
internal static class PolicyDiffCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var before = new Argument<string>("OLD") { Description = "the old policy" };
        var after = new Argument<string>("NEW") { Description = "the new policy, or - for standard input" };
        var with = PolicyInput.With();
        var reasons = new Option<bool>("--reasons") { Description = "show denials whose reason alone differs as well" };
        var json = CommonOptions.Json();
        var command = new Command("diff", "Find what two policies answer differently, each with an example") { before, after, with, reasons, json };
        command.SetAction(parsed =>
        {
            var (oldPath, newPath) = (parsed.GetValue(before) ?? "", parsed.GetValue(after) ?? "");
            var (old, now) = (PolicyInput.Load(oldPath), PolicyInput.Load(newPath));
            var shelf = PolicyInput.LoadShelf(parsed.GetValue(with) ?? []);
            shelf.Add(old);
            shelf.Add(now);
            var difference = PolicyDiffer.Compare(PolicyInput.Resolve(oldPath, old, shelf), PolicyInput.Resolve(newPath, now, shelf), parsed.GetValue(reasons));
            if (parsed.GetValue(json))
            {
                Output.Json(ToJson(old, now, difference));
            }
            else
            {
                Print(difference, isSameText: string.Equals(old.PolicyHash, now.PolicyHash, StringComparison.Ordinal));
            }

            return difference.IsNone ? ExitCodes.Ok : ExitCodes.BadVerdict;
        });
        return command;
    }

    private static string WordOf(Verdict verdict) => verdict switch
    {
        Verdict.Allow => "ALLOW",
        Verdict.NeedsApproval => "NEEDS APPROVAL",
        Verdict.AllowUnlessApproved => "ALLOW UNLESS APPROVED",
        _ => "DENY",
    };

    private static string WordOf(PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => "tool",
        PolicyAction.ModelInvoke => "model",
        _ => "host",
    };

    private static void Print(PolicyDifference difference, bool isSameText)
    {
        var title = "";
        foreach (var change in difference.Changes)
        {
            var next = $"{WordOf(change.Action)}s: {WordOf(change.Before.Verdict)} -> {WordOf(change.After.Verdict)}{(change.IsOfReason ? ", for another reason" : "")}";
            if (!string.Equals(next, title, StringComparison.Ordinal))
            {
                title = next;
                Output.Coloured(title, change.After.Verdict == Verdict.Deny ? "red" : "yellow");
            }

            Output.Line($"  {change.Witness}");
            Output.Line($"    before: {change.Before.Reason}; after: {change.After.Reason}{(change.KindCount > 1 ? $" ({change.KindCount} kinds of questions, this is the shortest)" : "")}");
        }

        foreach (var what in difference.Incomplete)
        {
            Output.Coloured($"INCOMPLETE: {what}", "red");
        }

        Output.Line((difference.Changes.Length, difference.Incomplete.IsEmpty) switch
        {
            (0, true) => isSameText ? "no change: the policy is the same" : "no change of meaning",
            (0, false) => "no change of meaning was found, and there may be one",
            (1, _) => "1 change of meaning",
            (var count, _) => $"{count} changes of meaning",
        });
    }

    private static JsonValue ToJson(WorkPolicyContract before, WorkPolicyContract after, PolicyDifference difference) => new JsonObjectBuilder()
        .Add("old_policy_hash_b64u", before.PolicyHash)
        .Add("new_policy_hash_b64u", after.PolicyHash)
        .Add("changed", JsonValue.Of(!difference.Changes.IsEmpty))
        .Add("complete", JsonValue.Of(difference.Incomplete.IsEmpty))
        .Add("incomplete", JsonValue.ArrayOf(difference.Incomplete))
        .Add("changes", JsonValue.ArrayOf([.. difference.Changes.Select(ToJson)]))
        .Build();

    private static JsonValue ToJson(PolicyChange change) => new JsonObjectBuilder()
        .Add("dimension", WordOf(change.Action))
        .Add("before", ToJson(change.Before))
        .Add("after", ToJson(change.After))
        .Add("witness", change.Witness.ToString())
        .Add("question", ToJson(change.Example))
        .Add("kinds", change.KindCount)
        .Build();

    private static JsonValue ToJson(Side side) => new JsonObjectBuilder()
        .Add("verdict", WordOf(side.Verdict).Replace(' ', '_'))
        .Add("reason", side.Reason)
        .Add("sids", JsonValue.ArrayOf(side.Statements))
        .Build();

    private static JsonValue ToJson(PolicyQuestion question) => new JsonObjectBuilder()
        .AddIfPresent("tool", question.Tool?.Text)
        .AddIfPresent("model", question.Model?.Text)
        .AddIfPresent("host", question.Host?.ToString())
        .AddIfPresent("provider", question.Provider)
        .AddIfPresent("agent_did", question.AgentDid)
        .Add("at", Rfc3339.Format(question.At))
        .AddIfPresent("context", question.Stated is null ? null : JsonValue.ObjectOf([.. question.Stated.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new JsonMember(pair.Key, JsonValue.Of(pair.Value)))]))
        .Build();
}
