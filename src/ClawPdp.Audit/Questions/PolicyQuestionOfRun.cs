using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Policies;

namespace ClawPdp.Audit.Questions;

/// <summary>Does the policy allow every action?</summary>
internal static class PolicyQuestionOfRun
{
    public const string Id = "policy";
    public const string Text = "Does the policy that was in force allow every action?";

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        var chains = new Dictionary<string, PolicyChain?>(StringComparer.Ordinal);
        var unpinned = 0;
        foreach (var receipt in subject.Receipts)
        {
            var hash = receipt.Binding.FindText("policy_hash") ?? "";
            if (hash.Length == 0)
            {
                unpinned++;
            }
            else if (!chains.ContainsKey(hash))
            {
                chains.Add(hash, DocumentReader.Chain(subject, hash, answer));
                answer.Show("policy", $"{chains[hash]?.Policy.PolicyId} {hash}");
            }

            Check(subject, receipt, hash, chains.GetValueOrDefault(hash), answer);
        }

        CheckApprovals(subject, answer);
        answer.Show("actions without a policy in force", unpinned > 0 ? $"{unpinned}" : "");
        var judged = subject.Receipts.Length - unpinned;
        return answer.Build(Id, Text, unpinned == 0
            ? $"evaluated again, the policy allows all {judged} actions"
            : $"evaluated again, the policy allows {judged} actions; {unpinned} were made while none was in force, with tokens that are pinned to none");
    }

    private static void Check(AuditCase subject, AuditedRecord receipt, string hash, PolicyChain? chain, AnswerBuilder answer)
    {
        if (!string.Equals(hash, receipt.Text("policy_hash_b64u"), StringComparison.Ordinal))
        {
            answer.Fail("POLICY_MISMATCH", $"{receipt} names another policy than the signed receipt in it", receipt.Sequence);
        }

        var pin = subject.IssuanceOf(receipt)?.Payload.FindText("policy_hash_b64u");
        if (pin is not null && !string.Equals(pin, hash, StringComparison.Ordinal))
        {
            answer.Fail("PIN_MISMATCH", $"{receipt} was made under another policy than its token is pinned to", receipt.Sequence);
        }

        if (chain is not null && ActionOf.Read(receipt) is { } action)
        {
            Judge(subject, receipt, chain, action, answer);
        }
    }

    private static void Judge(AuditCase subject, AuditedRecord receipt, PolicyChain chain, ActionOf action, AnswerBuilder answer)
    {
        var grounds = GroundsOf.Decision(subject, receipt);
        var question = GroundsOf.Question(subject, receipt, grounds, action);
        if (chain.Evaluate(question).IsAllowed)
        {
            return;
        }

        if (grounds is null || grounds.Text("approval_hash_b64u").Length == 0 || !chain.Evaluate(question with { HasHumanApproval = true }).IsAllowed)
        {
            answer.Fail("POLICY_VIOLATED", $"{receipt}: the policy does not allow {ActionOf.Words(receipt)}", receipt.Sequence);
            return;
        }

        ApprovalOf.Check(subject, grounds, answer);
    }

    // An approval counts once: for one decision, and for one receipt of each kind.
    private static void CheckApprovals(AuditCase subject, AnswerBuilder answer)
    {
        var approved = subject.Of(RecordKinds.Decision).Where(static decision => decision.Text("approval_hash_b64u").Length > 0).ToList();
        foreach (var again in approved.GroupBy(static decision => decision.Text("approval_hash_b64u"), StringComparer.Ordinal).SelectMany(static group => group.Skip(1)))
        {
            answer.Fail("APPROVAL_REUSED", $"{again} rests on an approval that was used up before", again.Sequence);
        }

        var ids = approved.Select(static decision => decision.Text("decision_id")).ToHashSet(StringComparer.Ordinal);
        var reported = subject.Receipts.Where(receipt => ids.Contains(receipt.Text("decision_id")));
        foreach (var again in reported.GroupBy(static receipt => (receipt.Text("decision_id"), receipt.Text("receipt_type"))).SelectMany(static group => group.Skip(1)))
        {
            answer.Fail("APPROVAL_REUSED", $"{again} reports once more what was approved once", again.Sequence);
        }

        answer.Show("actions that a human approved", approved.Count > 0 ? $"{approved.Count}" : "");
    }
}
