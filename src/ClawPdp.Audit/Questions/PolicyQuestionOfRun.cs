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
        var policies = new Dictionary<string, WorkPolicyContract?>(StringComparer.Ordinal);
        var unpinned = 0;
        foreach (var receipt in subject.Receipts)
        {
            var hash = receipt.Binding.FindText("policy_hash") ?? "";
            if (hash.Length == 0)
            {
                unpinned++;
            }
            else if (!policies.ContainsKey(hash))
            {
                policies.Add(hash, DocumentReader.Policy(subject, hash, answer));
                answer.Show("policy", $"{policies[hash]?.PolicyId} {hash}");
            }

            Check(subject, receipt, hash, policies.GetValueOrDefault(hash), answer);
        }

        answer.Show("actions without a policy in force", unpinned > 0 ? $"{unpinned}" : "");
        var judged = subject.Receipts.Length - unpinned;
        return answer.Build(Id, Text, unpinned == 0
            ? $"evaluated again, the policy allows all {judged} actions"
            : $"evaluated again, the policy allows {judged} actions; {unpinned} were made while none was in force, with tokens that are pinned to none");
    }

    private static void Check(AuditCase subject, AuditedRecord receipt, string hash, WorkPolicyContract? policy, AnswerBuilder answer)
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

        if (policy is not null && ActionOf.Read(receipt) is { } action)
        {
            var question = new PolicyQuestion { Tool = action.Tool, Model = action.Model, Provider = action.Provider, Host = action.Host };
            if (!PolicyChain.Resolve(policy, parent => DocumentReader.Policy(subject, parent, answer)).TryGet(out var chain) || !chain.Evaluate(question).IsAllowed)
            {
                answer.Fail("POLICY_VIOLATED", $"{receipt}: the policy does not allow {ActionOf.Words(receipt)}", receipt.Sequence);
            }
        }
    }
}
