using ClawPdp.Audit.Reports;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Audit.Questions;

/// <summary>Was every action allowed before it was done, as far as a decision is named?</summary>
internal static class DecisionsQuestion
{
    public const string Id = "decisions";
    public const string Text = "Do the decisions that the receipts name allow these very actions?";

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        var named = 0;
        foreach (var receipt in subject.Receipts)
        {
            var signedId = receipt.Binding.FindText("decision_id") ?? receipt.Payload.Find("metadata")?.FindText("decision_id") ?? "";
            if (!string.Equals(signedId, receipt.Text("decision_id"), StringComparison.Ordinal))
            {
                answer.Fail("DECISION_MISMATCH", $"{receipt} names another decision than the signed receipt in it", receipt.Sequence);
            }

            if (subject.Decision(receipt.Text("decision_id")) is { } decision)
            {
                named++;
                Check(receipt, decision, answer);
            }
        }

        answer.Show("receipts", $"{subject.Receipts.Length}");
        answer.Show("with a recorded decision", $"{named}");
        return answer.Build(Id, Text, $"{named} of {subject.Receipts.Length} receipts name a recorded decision, and each of these allowed that action");
    }

    /// <summary>Tells whether a decision allowed what a receipt reports, before it did.</summary>
    public static bool Allows(AuditedRecord decision, AuditedRecord receipt) =>
        decision.Text("effect") is "ALLOW"
            && Same(decision.Text("token_scope_hash_b64u"), receipt.Binding.FindText("token_scope_hash_b64u") ?? "")
            && (decision.Text("run_id").Length == 0 || Same(decision.Text("run_id"), receipt.Text("run_id")))
            && IsAsked(receipt.Text("tool"), decision.Text("tool"))
            && IsAsked(receipt.Text("model"), decision.Text("model"))
            && IsAsked(receipt.Text("host"), HostName.TryParse(decision.Text("host"), out var host) ? host.Value.ToString() : "")
            && IsSameWhereStated(receipt.Text("provider"), decision.Text("provider"))
            && IsSameWhereStated(receipt.Payload.FindText("args_hash_b64u") ?? "", decision.Text("args_hash_b64u"))
            && decision.Sequence < receipt.Sequence;

    private static void Check(AuditedRecord receipt, AuditedRecord decision, AnswerBuilder answer)
    {
        if (!Allows(decision, receipt))
        {
            answer.Fail("DECISION_MISMATCH", $"the decision that {receipt} names did not allow this action before it was reported", receipt.Sequence);
        }
    }

    private static bool IsSameWhereStated(string done, string asked) => asked.Length == 0 || IsAsked(done, asked);

    private static bool IsAsked(string done, string asked) => done.Length == 0 || Same(done, asked);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
