using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;

namespace ClawPdp.Audit.Questions;

/// <summary>Does every key act for one purpose alone, and none of receipts after it was revoked?</summary>
internal static class KeysQuestion
{
    public const string Id = "keys";
    public const string Text = "Does every key act for one purpose, does the auditor trust it for that, and did it sign nothing after it was revoked?";

    private const string Approvals = "approvals";

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        var purposes = PurposesOf(subject);
        foreach (var (did, roles) in purposes)
        {
            Judge(subject, did, roles, answer);
        }

        ReceiptKeyOf.Check(subject, answer);
        return answer.Build(Id, Text, $"{purposes.Count} keys, each for one purpose, each trusted or the agent's own");
    }

    private static SortedDictionary<string, SortedSet<string>> PurposesOf(AuditCase subject)
    {
        var purposes = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        Add(purposes, "agent", subject.AgentDid);
        Add(purposes, "log", LogQuestion.SignerOf(subject));
        foreach (var record in subject.Receipts.Concat(subject.Of(RecordKinds.Issuance)))
        {
            Add(purposes, "receipts", record.Envelope.Value.FindText("signer_did") ?? "");
        }

        foreach (var export in subject.File.Exports)
        {
            Add(purposes, "receipts", export.FindText("issuer_did") ?? "");
        }

        foreach (var document in subject.Of(RecordKinds.Document).Where(static document => document.Text("document_type") is "policy"))
        {
            Add(purposes, "policies", DocumentReader.EnvelopeOf(DocumentReader.StandingOf(subject, document)).FindText("signer_did") ?? "");
        }

        foreach (var document in subject.Of(RecordKinds.Document).Where(static document => document.Text("document_type") is ApprovalOf.DocumentType))
        {
            Add(purposes, Approvals, DocumentReader.EnvelopeOf(document).FindText("signer_did") ?? "");
        }

        return purposes;
    }

    private static void Judge(AuditCase subject, string did, SortedSet<string> roles, AnswerBuilder answer)
    {
        var names = string.Join(" and ", roles);
        answer.Show(names, did);
        if (roles.Count > 1)
        {
            answer.Fail("KEY_REUSED", $"one key is used for {names}: {did}");
        }

        if (roles.Contains(Approvals) && !subject.Approvers.Contains(did, StringComparer.Ordinal))
        {
            ApprovalOf.SayUntrusted(subject, $"the key of an approver is not trusted: {did}", 0, answer);
        }

        // The agent is not trusted by name: its key counts because the token was issued to it.
        if (!roles.Contains("agent") && !(roles.Count == 1 && roles.Contains(Approvals)) && !subject.Trusted.Contains(did, StringComparer.Ordinal))
        {
            answer.Fail("KEY_NOT_TRUSTED", $"the key for {names} is not trusted: {did}");
        }
    }

    private static void Add(SortedDictionary<string, SortedSet<string>> purposes, string purpose, string did)
    {
        if (did.Length == 0)
        {
            return;
        }

        if (!purposes.TryGetValue(did, out var roles))
        {
            purposes.Add(did, roles = new SortedSet<string>(StringComparer.Ordinal));
        }

        roles.Add(purpose);
    }
}
