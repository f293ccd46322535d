using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Approvals;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Decisions;

/// <summary>Rows 7 and 8 of the decision table: does the policy allow it, and if only with a human's approval, is there one?</summary>
internal static class PolicyCheck
{
    private const int SummaryLengthMax = 1024;
    private const int StatementIdCountMax = 64;

    /// <summary>Makes what a policy is asked.</summary>
    /// <param name="token">The token.</param>
    /// <param name="question">The question.</param>
    /// <param name="asked">Its dimensions.</param>
    /// <param name="policyHash">The policy that decides; <see langword="null"/> for none.</param>
    /// <param name="now">The instant.</param>
    public static PolicyQuestion QuestionOf(VerifiedToken token, Question question, AskedDimensions asked, string? policyHash, DateTimeOffset now)
    {
        var grounds = GroundsOf(token, question, policyHash, now);
        return new PolicyQuestion
        {
            Tool = asked.Tool,
            Model = asked.Model,
            Host = asked.Host,
            Provider = asked.Provider,
            AgentDid = token.Claims.Subject,
            At = grounds?.DecidedAt ?? now,
            HasHumanApproval = grounds?.HasHumanApproval ?? false,
            Stated = grounds is null ? question.Stated : grounds.Stated,
            Beside = grounds?.Names,
        };
    }

    /// <summary>Gives the grounds on which the policy is asked; <see langword="null"/> for asking it as of now.</summary>
    public static DecisionGrounds? GroundsOf(VerifiedToken token, Question question, string? policyHash, DateTimeOffset now) =>
        question.Grounds is { } grounds
        && grounds.DecidedAt <= now
        && now - grounds.DecidedAt <= ReportRules.GroundsAgeMax
        && string.Equals(grounds.PolicyHash, policyHash, StringComparison.Ordinal)
        && string.Equals(grounds.AgentDid, token.Claims.Subject, StringComparison.Ordinal)
        && string.Equals(grounds.TokenScopeHash, token.Claims.TokenScopeHash, StringComparison.Ordinal)
            ? grounds
            : null;

    /// <summary>Judges.</summary>
    /// <param name="chain">The policy.</param>
    /// <param name="asked">What it is asked.</param>
    /// <param name="question">The question with its approvals.</param>
    /// <param name="token">The token.</param>
    /// <param name="state">The state of the answer.</param>
    /// <param name="now">The instant.</param>
    /// <param name="trace">Receives how it came about.</param>
    public static PolicyVerdict Judge(PolicyChain chain, in PolicyQuestion asked, Question question, VerifiedToken token, EngineState state, DateTimeOffset now, DecisionTrace? trace)
    {
        var outcome = chain.Evaluate(asked, trace?.LinkCollection);
        if (outcome.IsAllowed)
        {
            trace?.Pass("policy", $"the policy `{chain.Policy.PolicyId}` allows the action");
            trace?.Skip("approval", asked.HasHumanApproval ? "a human's approval counts as given" : "the policy allows the action without one");
            return new PolicyVerdict { StatementIds = chain.StatementIdsOf(outcome) };
        }

        var refusal = RefusalOf(outcome, asked.Host);
        var approved = asked with { HasHumanApproval = true };
        var whenApproved = chain.UsesApproval && !asked.HasHumanApproval ? chain.Evaluate(approved) : default;
        if (!whenApproved.IsAllowed)
        {
            trace?.Fail("policy", refusal.Reason, refusal.Message);
            return new PolicyVerdict { Refusal = refusal, StatementIds = chain.StatementIdsOf(outcome) };
        }

        trace?.Pass("policy", $"the policy `{chain.Policy.PolicyId}` allows the action if a human approves it");
        var wanting = Wanting(chain, outcome, whenApproved);
        var requirement = RequirementOf(chain, asked, question, token, wanting);
        return JudgeApproval(chain, approved, whenApproved, requirement, question, state, now, trace);
    }

    private static PolicyVerdict JudgeApproval(PolicyChain chain, in PolicyQuestion approved, PolicyOutcome whenApproved, ApprovalRequirement requirement, Question question, EngineState state, DateTimeOffset now, DecisionTrace? trace)
    {
        var isExpired = false;
        var approval = question.Approvals.Count == 0 ? null : ApprovalVerifier.Find(question.Approvals, requirement, state.Approvers, now, out isExpired);
        if (approval is not null)
        {
            TraceApproval(chain, approved, approval, trace);
            return new PolicyVerdict { StatementIds = chain.StatementIdsOf(whenApproved), Approval = approval };
        }

        var refusal = isExpired
            ? new Refusal(ReasonCode.HumanApprovalExpired, "the approval is expired")
            : new Refusal(ReasonCode.CapabilityRequiresApproval, "a human must approve the action");
        trace?.Fail("approval", refusal.Reason, $"{refusal.Words}; of {question.Approvals.Count} given none fits the action {requirement.ActionDigest}");
        return new PolicyVerdict { Refusal = refusal, StatementIds = requirement.StatementIds, Requirement = requirement };
    }

    private static void TraceApproval(PolicyChain chain, in PolicyQuestion approved, VerifiedApproval approval, DecisionTrace? trace)
    {
        if (trace is null)
        {
            return;
        }

        trace.Pass("approval", $"approved by {approval.ApproverDid}");
        trace.ForgetLinks();
        _ = chain.Evaluate(approved, trace.LinkCollection);
    }

    private static Refusal RefusalOf(PolicyOutcome outcome, HostName? host) => outcome.Failure switch
    {
        PolicyFailure.ProviderNotAllowed => new Refusal(PolicyReasons.Of(outcome.Failure), Dimension.Provider, "the policy does not allow the provider, or it was not stated"),
        PolicyFailure.ModelNotAllowed => new Refusal(PolicyReasons.Of(outcome.Failure), Dimension.Model, "the policy does not allow the model"),
        PolicyFailure.ModelIdentityTierTooLow => new Refusal(PolicyReasons.Of(outcome.Failure), Dimension.Model, "the policy demands a model whose identity is proved"),
        PolicyFailure.EgressNotAllowed => new Refusal(PolicyReasons.Of(outcome.Failure), Dimension.Host, "the policy does not allow the host"),
        PolicyFailure.Denied => new Refusal(PolicyReasons.Of(outcome.Failure), DimensionOf(outcome.Action), DeniedWordsOf(outcome.Action)),
        PolicyFailure.NotAllowed => new Refusal(PolicyReasons.Of(outcome.Failure), DimensionOf(outcome.Action), NotAllowedWordsOf(outcome.Action, host)),
        _ => new Refusal(PolicyReasons.Of(outcome.Failure), "the policy does not allow the action"),
    };

    private static Dimension DimensionOf(PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => Dimension.Tool,
        PolicyAction.ModelInvoke => Dimension.Model,
        PolicyAction.NetworkEgress => Dimension.Host,
        _ => Dimension.Unspecified,
    };

    private static string DeniedWordsOf(PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => "a statement of the policy denies the tool",
        PolicyAction.ModelInvoke => "a statement of the policy denies the model",
        PolicyAction.NetworkEgress => "a statement of the policy denies the host",
        _ => "a statement of the policy denies the action",
    };

    private static string NotAllowedWordsOf(PolicyAction action, HostName? host) => action switch
    {
        PolicyAction.NetworkEgress when host is { } asked && GuardedHosts.Contains(asked) => "no pattern allows a link-local or cloud-metadata host, and no statement of the policy names the host",
        PolicyAction.ToolExecute => "no statement of the policy allows the tool",
        PolicyAction.ModelInvoke => "no statement of the policy allows the model",
        PolicyAction.NetworkEgress => "no statement of the policy allows the host",
        _ => "no statement of the policy allows the action",
    };

    // The statements that look at an approval and decided one way without it or the other way with it.
    private static ImmutableArray<string> Wanting(PolicyChain chain, PolicyOutcome without, PolicyOutcome with)
    {
        var looking = chain.Links.SelectMany(static link => link.Statements)
            .Where(static statement => statement.Conditions.Any(static condition => condition.Key.IsOfApproval))
            .Select(static statement => statement.Sid)
            .ToHashSet(StringComparer.Ordinal);
        return [.. chain.StatementIdsOf(without).Concat(chain.StatementIdsOf(with)).Where(looking.Contains).Distinct(StringComparer.Ordinal).Take(StatementIdCountMax)];
    }

    private static ApprovalRequirement RequirementOf(PolicyChain chain, in PolicyQuestion asked, Question question, VerifiedToken token, ImmutableArray<string> statementIds)
    {
        string[] parts =
        [
            asked.Tool is { } tool ? $"tool {tool}" : "",
            asked.Model is { } model ? $"model {model}" : "",
            asked.Host is { } host ? $"host {host}" : "",
        ];
        var summary = string.Join(", ", parts.Where(static part => part.Length > 0));
        return new ApprovalRequirement
        {
            ActionDigest = ActionDigest.Compute(asked, question.ArgumentsHash),
            TokenScopeHash = token.Claims.TokenScopeHash ?? "",
            PolicyHash = chain.Policy.PolicyHash,
            AgentDid = token.Claims.Subject,
            RunId = question.RunId ?? "",
            EventHash = question.EventHash ?? "",
            Summary = summary.Length <= SummaryLengthMax ? summary : summary[..SummaryLengthMax],
            StatementIds = statementIds,
        };
    }
}
