using ClawPdp.Core.Policies;
using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Decisions;
using ClawPdp.V1;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;
using Wire = ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Writes how an answer came about. Every text is bounded as the contract promises.</summary>
internal static class WireExplanations
{
    private const int DetailLengthMax = 512;
    private const int ActualLengthMax = 1024;

    /// <summary>Writes an answer and how it came about.</summary>
    public static ExplainResponse Write(RecordedDecision recorded, DecisionTrace trace, string requestId)
    {
        var answer = WireDecisions.Write(recorded, requestId);
        answer.LogMode = LogMode.Unspecified;
        var response = new ExplainResponse { Answer = answer };
        response.Checks.AddRange(trace.Checks.Select(Write));
        response.Policies.AddRange(trace.Links.Select(Write));
        return response;
    }

    private static CheckExplanation Write(CheckTrace check) => new()
    {
        Check = check.Check,
        Outcome = check.Reason switch
        {
            null => CheckOutcome.Skipped,
            ReasonCode.Allowed => CheckOutcome.Passed,
            _ => CheckOutcome.Failed,
        },
        ReasonCode = check.Reason is null or ReasonCode.Allowed ? Wire.ReasonCode.Unspecified : WireReasons.CodeOf(check.Reason.Value),
        Detail = Bounded(check.Detail, DetailLengthMax),
    };

    private static PolicyExplanation Write(LinkTrace link)
    {
        var policy = new PolicyExplanation
        {
            PolicyHashB64U = link.Policy.PolicyHash,
            PolicyId = link.Policy.PolicyId,
            Dimension = DimensionOf(link.Action),
            Action = PolicyActions.NameOf(link.Action),
            Resource = link.Resource,
            Effect = link.Failure == PolicyFailure.None ? Wire.Effect.Allow : Wire.Effect.Deny,
        };
        policy.Statements.AddRange(link.Statements.Select(Write));
        policy.Rules.AddRange(link.Rules.Select(Write));
        return policy;
    }

    private static StatementExplanation Write(StatementTrace statement)
    {
        var explanation = new StatementExplanation
        {
            Sid = statement.Statement.Sid,
            Effect = statement.Statement.Effect == Core.Decisions.Effect.Allow ? Wire.Effect.Allow : Wire.Effect.Deny,
            Matched = statement.Matched,
            ActionMatched = statement.ActionMatched,
            MatchedResource = Bounded(statement.MatchedResource ?? "", DetailLengthMax),
        };
        explanation.Conditions.AddRange(statement.Conditions.Select(Write));
        return explanation;
    }

    private static ConditionExplanation Write(ConditionTrace condition)
    {
        var explanation = new ConditionExplanation
        {
            Operator = condition.Condition.Operator.ToString(),
            Key = condition.Condition.Key.Name,
            Expected = Bounded(condition.Condition.Expected, DetailLengthMax),
            StatedByCaller = condition.Condition.Key.IsStated,
            Outcome = condition.Outcome switch
            {
                Core.Policies.ConditionOutcome.True => Wire.ConditionOutcome.True,
                Core.Policies.ConditionOutcome.False => Wire.ConditionOutcome.False,
                _ => Wire.ConditionOutcome.Unresolvable,
            },
        };
        if (condition.Actual is { } actual)
        {
            explanation.Actual = Bounded(actual, ActualLengthMax);
        }

        return explanation;
    }

    private static RuleExplanation Write(RuleTrace rule)
    {
        var explanation = new RuleExplanation { Member = rule.Member, MatchedEntry = Bounded(rule.MatchedEntry ?? "", DetailLengthMax / 2), Passed = rule.Passed };
        if (rule.Actual is { } actual)
        {
            explanation.Actual = Bounded(actual, DetailLengthMax);
        }

        return explanation;
    }

    private static Wire.Dimension DimensionOf(PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => Wire.Dimension.Tool,
        PolicyAction.ModelInvoke => Wire.Dimension.Model,
        PolicyAction.NetworkEgress => Wire.Dimension.Host,
        _ => Wire.Dimension.Unspecified,
    };

    private static string Bounded(string text, int lengthMax)
    {
        if (text.Length <= lengthMax)
        {
            return text;
        }

        // Half a character is no valid text on the wire.
        var length = char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax;
        return text[..length];
    }
}
