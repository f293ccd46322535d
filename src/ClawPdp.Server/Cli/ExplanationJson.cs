using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.V1;
using Effect = ClawPdp.V1.Effect;

namespace ClawPdp.Server.Cli;

/// <summary>Writes for machines how an answer came about; the members are named as in decision_service.proto.</summary>
internal static class ExplanationJson
{
    /// <summary>Gives the object.</summary>
    public static JsonValue Write(ExplainResponse explanation) => new JsonObjectBuilder()
        .Add("answer", Write(explanation.Answer ?? new AuthorizeResponse()))
        .Add("checks", ArrayOf(explanation.Checks, Write))
        .Add("policies", ArrayOf(explanation.Policies, Write))
        .Build();

    /// <summary>Gives an array.</summary>
    public static JsonValue ArrayOf<T>(IEnumerable<T> items, Func<T, JsonValue> write) => JsonValue.ArrayOf([.. items.Select(write)]);

    private static JsonValue Write(AuthorizeResponse answer) => new JsonObjectBuilder()
        .Add("effect", NameOf(answer.Effect))
        .Add("reason_code", NameOf(answer.ReasonCode))
        .AddIfPresent("message", answer.Message)
        .AddIfPresent("policy_hash_b64u", answer.PolicyHashB64U)
        .AddIfPresent("policy_version", answer.PolicyVersion)
        .AddIfPresent("token_scope_hash_b64u", answer.TokenScopeHashB64U)
        .Add("statement_ids", JsonValue.ArrayOf(answer.StatementIds))
        .Add("obligations", ArrayOf(answer.Obligations.Select(static obligation => obligation.Approval).OfType<ApprovalObligation>(), Write))
        .Build();

    private static JsonValue Write(ApprovalObligation approval) => new JsonObjectBuilder()
        .Add("action_digest_b64u", approval.ActionDigestB64U)
        .AddIfPresent("token_scope_hash_b64u", approval.TokenScopeHashB64U)
        .AddIfPresent("policy_hash_b64u", approval.PolicyHashB64U)
        .AddIfPresent("summary", approval.Summary)
        .Add("statement_ids", JsonValue.ArrayOf(approval.StatementIds))
        .Build();

    private static JsonValue Write(CheckExplanation check) => new JsonObjectBuilder()
        .Add("check", check.Check)
        .Add("outcome", check.Outcome switch { CheckOutcome.Passed => "PASSED", CheckOutcome.Skipped => "SKIPPED", _ => "FAILED" })
        .AddIfPresent("reason_code", check.ReasonCode == V1.ReasonCode.Unspecified ? null : NameOf(check.ReasonCode))
        .Add("detail", check.Detail)
        .Build();

    private static JsonValue Write(PolicyExplanation policy) => new JsonObjectBuilder()
        .Add("policy_hash_b64u", policy.PolicyHashB64U)
        .Add("policy_id", policy.PolicyId)
        .Add("action", policy.Action)
        .Add("resource", policy.Resource)
        .Add("effect", NameOf(policy.Effect))
        .Add("statements", ArrayOf(policy.Statements, Write))
        .Add("rules", ArrayOf(policy.Rules, Write))
        .Build();

    private static JsonValue Write(StatementExplanation statement) => new JsonObjectBuilder()
        .Add("sid", statement.Sid)
        .Add("effect", NameOf(statement.Effect))
        .Add("matched", JsonValue.Of(statement.Matched))
        .Add("action_matched", JsonValue.Of(statement.ActionMatched))
        .AddIfPresent("matched_resource", statement.MatchedResource)
        .Add("conditions", ArrayOf(statement.Conditions, Write))
        .Build();

    private static JsonValue Write(ConditionExplanation condition) => new JsonObjectBuilder()
        .Add("operator", condition.Operator)
        .Add("key", condition.Key)
        .Add("expected", condition.Expected)
        .AddIfPresent("actual", condition.HasActual ? JsonValue.Of(condition.Actual) : null)
        .Add("stated_by_caller", JsonValue.Of(condition.StatedByCaller))
        .Add("outcome", condition.Outcome switch { ConditionOutcome.True => "TRUE", ConditionOutcome.False => "FALSE", _ => "UNRESOLVABLE" })
        .Build();

    private static JsonValue Write(RuleExplanation rule) => new JsonObjectBuilder()
        .Add("member", rule.Member)
        .AddIfPresent("actual", rule.HasActual ? JsonValue.Of(rule.Actual) : null)
        .AddIfPresent("matched_entry", rule.MatchedEntry)
        .Add("passed", JsonValue.Of(rule.Passed))
        .Build();

    private static string NameOf(Effect effect) => effect == Effect.Allow ? "ALLOW" : "DENY";

    private static string NameOf(V1.ReasonCode reason) => ReasonCatalog.NameOf((Core.Decisions.ReasonCode)(int)reason);
}
