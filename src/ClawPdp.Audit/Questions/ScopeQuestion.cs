using ClawPdp.Audit.Reports;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Audit.Questions;

/// <summary>Is every action inside the scope of its token?</summary>
internal static class ScopeQuestion
{
    public const string Id = "scope";
    public const string Text = "Is every tool, model and host inside the scope of the token?";

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        var attested = 0;
        foreach (var receipt in subject.Receipts)
        {
            Check(subject, receipt, answer);
            attested += receipt.Text("host").Length > 0 && !ActionOf.IsHostSigned(receipt) ? 1 : 0;
        }

        answer.Show("actions", $"{subject.Receipts.Length}");
        answer.Show("hosts that only the sidecar's record names", attested > 0 ? $"{attested}" : "");
        return answer.Build(Id, Text, $"all {subject.Receipts.Length} actions lie inside the scope");
    }

    private static void Check(AuditCase subject, AuditedRecord receipt, AnswerBuilder answer)
    {
        if (subject.IssuanceOf(receipt) is not { } issuance)
        {
            answer.Miss("ISSUANCE_MISSING", $"the token of {receipt} is not known", receipt.Sequence);
            return;
        }

        if (ActionOf.Read(receipt) is not { } action || !ActionOf.Agrees(receipt))
        {
            answer.Fail("ACTION_DIFFERS", $"{receipt} does not say the same about the action as the signed receipt in it", receipt.Sequence);
            return;
        }

        var compiled = GrantedScope.Compile((issuance.Payload.Find("scope")?.Items ?? []).Select(static item => item.Text), allowWildcards: true);
        var isInside = compiled.TryGet(out var scope)
            && (action.Tool is not { } tool || scope.AllowsTool(tool))
            && (action.Model is not { } model || scope.AllowsModel(model))
            && (action.Host is not { } host || scope.AllowsHost(host));
        if (!isInside)
        {
            answer.Fail("ACTION_OUTSIDE_SCOPE", $"{receipt}: the token does not grant {ActionOf.Words(receipt)}", receipt.Sequence);
        }
    }
}
