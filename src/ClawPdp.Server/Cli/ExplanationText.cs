using ClawPdp.Core.Decisions;
using ClawPdp.V1;
using Effect = ClawPdp.V1.Effect;

namespace ClawPdp.Server.Cli;

/// <summary>Prints for people how an answer came about: the answer, the checks, and each policy with the statements that decided first.</summary>
internal static class ExplanationText
{
    private const string Yes = "✓";
    private const string No = "✗";
    private const string Neither = "–";

    /// <summary>Prints.</summary>
    public static void Print(ExplainResponse explanation)
    {
        PrintAnswer(explanation.Answer ?? new AuthorizeResponse());
        Output.Line("");
        Output.Line("checks");
        foreach (var check in explanation.Checks)
        {
            var mark = check.Outcome switch { CheckOutcome.Passed => Yes, CheckOutcome.Skipped => Neither, _ => No };
            var reason = check.ReasonCode == V1.ReasonCode.Unspecified ? "" : NameOf(check.ReasonCode) + ": ";
            Output.Line($"  {mark} {check.Check,-11} {reason}{check.Detail}");
        }

        foreach (var policy in explanation.Policies)
        {
            Output.Line("");
            PrintPolicy(policy);
        }
    }

    private static void PrintAnswer(AuthorizeResponse answer)
    {
        var isAllowed = answer.Effect == Effect.Allow;
        Output.Coloured(
            isAllowed ? "ALLOW" : $"DENY  {NameOf(answer.ReasonCode)}: {answer.Message}",
            isAllowed ? "green" : "red");
        Output.Pairs(
        [
            ("  policy", answer.PolicyHashB64U),
            ("  label", answer.PolicyVersion),
            ("  decided by", string.Join(", ", answer.StatementIds)),
            .. answer.Obligations.Where(static obligation => obligation.Approval is not null).SelectMany(static obligation => new[]
            {
                ("  a human must approve", obligation.Approval.Summary),
                ("  action digest", obligation.Approval.ActionDigestB64U),
                ("  scope hash", obligation.Approval.TokenScopeHashB64U),
            }),
        ]);
    }

    private static void PrintPolicy(PolicyExplanation policy)
    {
        var isAllowed = policy.Effect == Effect.Allow;
        Output.Coloured(
            $"{(isAllowed ? Yes : No)} policy {policy.PolicyId} {(isAllowed ? "allows" : "does not allow")} {policy.Action} `{policy.Resource}`",
            isAllowed ? "green" : "red");
        Output.Line($"  {policy.PolicyHashB64U}");
        foreach (var rule in policy.Rules)
        {
            PrintRule(rule);
        }

        foreach (var statement in policy.Statements.OrderByDescending(statement => Weight(statement, policy.Effect)))
        {
            PrintStatement(statement, isAllowed || statement.Effect == Effect.Deny);
        }
    }

    // A Deny that matched decided; an Allow that matched did only where none denied.
    private static int Weight(StatementExplanation statement, Effect policy) => statement switch
    {
        { Matched: true, Effect: Effect.Deny } => 2,
        { Matched: true } when policy == Effect.Allow => 2,
        { Matched: true } => 1,
        _ => 0,
    };

    private static void PrintRule(RuleExplanation rule)
    {
        var matched = (rule.Passed, rule.MatchedEntry) switch
        {
            (true, "") => "restricts nothing here",
            (true, var entry) => $"`{entry}` matches",
            _ => "nothing matches",
        };
        Output.Line($"  {(rule.Passed ? Yes : No)} {rule.Member}: {matched}, saw {Shown(rule.HasActual, rule.Actual)}");
    }

    private static void PrintStatement(StatementExplanation statement, bool canDecide)
    {
        var mark = (statement.Matched, statement.Effect) switch { (false, _) => Neither, (_, Effect.Allow) => Yes, _ => No };
        var effect = statement.Effect == Effect.Allow ? "Allow" : "Deny";
        var verdict = (statement.Matched, canDecide) switch { (true, true) => "matches and decides", (true, false) => "matches, but does not decide", _ => "does not match" };
        Output.Line($"  {mark} {statement.Sid} ({effect}) {verdict}");
        Output.Line($"      {(statement.ActionMatched ? Yes : Neither)} action");
        Output.Line($"      {(statement.MatchedResource.Length > 0 ? Yes : Neither)} resource{(statement.MatchedResource.Length > 0 ? $" `{statement.MatchedResource}`" : "")}");
        foreach (var condition in statement.Conditions)
        {
            PrintCondition(condition, statement.Effect);
        }
    }

    private static void PrintCondition(ConditionExplanation condition, Effect effect)
    {
        var (mark, outcome) = condition.Outcome switch
        {
            ConditionOutcome.True => (Yes, "true"),
            ConditionOutcome.False => (Neither, "false"),
            _ when effect == Effect.Deny => (Yes, "cannot be evaluated, which counts as holding in a Deny"),
            _ => (Neither, "cannot be evaluated, which counts as not holding in an Allow"),
        };
        var stated = (condition.StatedByCaller, condition.HasActual) switch
        {
            (true, true) => ", stated by the caller",
            (true, false) => ", which the caller would have to state",
            _ => "",
        };
        Output.Line($"      {mark} {condition.Operator} {condition.Key} `{condition.Expected}`: {outcome}, saw {Shown(condition.HasActual, condition.Actual)}{stated}");
    }

    private static string Shown(bool isThere, string value) => isThere ? $"`{value}`" : "nothing";

    private static string NameOf(V1.ReasonCode reason) => ReasonCatalog.NameOf((Core.Decisions.ReasonCode)(int)reason);
}
