using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Decisions;

namespace ClawPdp.Authoring.Testing;

/// <summary>Says in lines why an answer is not the expected one: what decided, and how near the statement came that should have.</summary>
internal static class TestExplanation
{
    public static ImmutableArray<string> Of(PolicyTestResult result, DecisionTrace trace)
    {
        var lines = new List<string>();
        if (trace.Checks.FirstOrDefault(static check => check.Reason is { } reason && reason != ReasonCode.Allowed) is { } failed)
        {
            lines.Add($"failed at the check `{failed.Check}`: {failed.Detail}");
        }

        AddRules(lines, trace);
        AddDeciding(lines, result, trace);
        AddExpected(lines, result, trace);
        return [.. lines.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Says why a statement matched, or what kept it from matching.</summary>
    public static string Describe(StatementTrace trace, LinkTrace link)
    {
        var action = PolicyActions.NameOf(link.Action);
        if (!trace.ActionMatched)
        {
            return $"it is not about {action}";
        }

        if (trace.MatchedResource is not { } pattern)
        {
            return $"none of its resources matches `{link.Resource}`";
        }

        var told = trace.Conditions.Where(condition => trace.Matched || !Holds(condition, trace)).Select(static condition => Describe(condition));
        return string.Join("; ", told.Prepend($"`{pattern}` matches `{link.Resource}`"));
    }

    private static string Describe(ConditionTrace trace)
    {
        var seen = trace.Actual is { } actual ? $"`{actual}`" : "no value";
        var outcome = trace.Outcome switch
        {
            ConditionOutcome.True => "holds",
            ConditionOutcome.False => "does not hold",
            _ => "cannot be evaluated",
        };
        return $"{trace.Condition.Operator} `{trace.Condition.Key}` `{trace.Condition.Expected}` saw {seen} and {outcome}";
    }

    private static bool Holds(ConditionTrace condition, StatementTrace trace) =>
        condition.Outcome == ConditionOutcome.True || (condition.Outcome == ConditionOutcome.Unresolvable && trace.Statement.Effect != Effect.Allow);

    private static void AddRules(List<string> lines, DecisionTrace trace) =>
        lines.AddRange(trace.Links.SelectMany(static link => link.Rules).Where(static rule => !rule.Passed)
            .Select(static rule => $"`{rule.Member}` does not allow {(rule.Actual is { } actual ? $"`{actual}`" : "what was not stated")}"));

    private static void AddDeciding(List<string> lines, PolicyTestResult result, DecisionTrace trace)
    {
        foreach (var (statement, link) in StatementsOf(trace).Where(found => found.Statement.Matched && result.Decision.StatementIds.Contains(found.Statement.Statement.Sid, StringComparer.Ordinal)))
        {
            lines.Add($"{statement.Statement.Sid} ({statement.Statement.Effect}) decided: {Describe(statement, link)}");
        }
    }

    private static void AddExpected(List<string> lines, PolicyTestResult result, DecisionTrace trace)
    {
        var expected = result.Case.Expectation.StatementIds is { IsEmpty: false } sids ? sids : [];
        var missing = expected.Where(sid => !result.Decision.StatementIds.Contains(sid, StringComparer.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var candidates = StatementsOf(trace).Where(static found => !found.Statement.Matched).ToList();
        if (missing.Count > 0)
        {
            // In each dimension asked the statement was looked at: the nearest miss tells most.
            lines.AddRange(candidates.Where(found => missing.Contains(found.Statement.Statement.Sid))
                .GroupBy(static found => found.Statement.Statement.Sid, StringComparer.Ordinal)
                .Select(static group => Miss(group.MaxBy(Nearness))));
        }
        else if (result.Decision.Effect != result.Case.Expectation.Effect)
        {
            lines.AddRange(candidates.Where(found => found.Statement.Statement.Effect == result.Case.Expectation.Effect && found.Statement.ActionMatched)
                .OrderByDescending(Nearness)
                .Take(1)
                .Select(static found => "nearest: " + Miss(found)));
        }
    }

    private static string Miss((StatementTrace Statement, LinkTrace Link) found) =>
        $"{found.Statement.Statement.Sid} ({found.Statement.Statement.Effect}) does not match: {Describe(found.Statement, found.Link)}";

    private static double Nearness((StatementTrace Statement, LinkTrace Link) found)
    {
        var statement = found.Statement;
        var held = statement.Conditions.Count(condition => Holds(condition, statement));
        return (statement.ActionMatched ? 4 : 0) + (statement.MatchedResource is not null ? 2 : 0) + ((held + 1.0) / (statement.Conditions.Count + 1.0));
    }

    private static IEnumerable<(StatementTrace Statement, LinkTrace Link)> StatementsOf(DecisionTrace trace) =>
        trace.Links.SelectMany(static link => link.Statements.Select(statement => (statement, link)));
}
