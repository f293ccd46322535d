using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Audit.Questions;

/// <summary>What a policy was asked with when an action was reported: the grounds of its decision, or those of the receipt itself.</summary>
internal static class GroundsOf
{
    /// <summary>Gives the decision whose grounds count for a receipt, as the sidecar chose it; <see langword="null"/> for none.</summary>
    public static AuditedRecord? Decision(AuditCase subject, AuditedRecord receipt) =>
        subject.Decision(receipt.Text("decision_id")) is { } decision
        && DecisionsQuestion.Allows(decision, receipt)
        && Same(decision.Text("policy_hash_b64u"), receipt.Binding.FindText("policy_hash") ?? "")
        && Same(decision.Text("agent_did"), subject.AgentDid)
        && decision.Instant("decided_at") is { } decidedAt
        && receipt.Instant("signed_at") is { } signedAt
        && signedAt - decidedAt <= ReportRules.GroundsAgeMax
            ? decision
            : null;

    /// <summary>Makes what the policy is asked, without a human's approval.</summary>
    public static PolicyQuestion Question(AuditCase subject, AuditedRecord receipt, AuditedRecord? decision, ActionOf action) => new()
    {
        Tool = action.Tool,
        Model = action.Model,
        Provider = action.Provider,
        Host = action.Host,
        AgentDid = subject.AgentDid,
        At = (decision is null ? receipt.Instant("signed_at") : decision.Instant("decided_at")) ?? default,
        Stated = StatedIn(decision ?? receipt),
        Beside = decision is null ? null : ActionNames.Read(decision.Text("tool"), decision.Text("model"), decision.Text("provider"), decision.Text("host")),
    };

    private static Dictionary<string, string> StatedIn(AuditedRecord record) =>
        (record.Content.Find("stated") ?? JsonValue.Null).Members.ToDictionary(static member => member.Name, static member => member.Value.Text, StringComparer.Ordinal);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
