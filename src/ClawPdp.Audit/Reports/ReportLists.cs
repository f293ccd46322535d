using System.Collections.Immutable;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Questions;

namespace ClawPdp.Audit.Reports;

/// <summary>Makes the lists and the time line of a report.</summary>
internal static class ReportLists
{
    /// <summary>Gives what a reader should know beside the answers.</summary>
    public static ImmutableArray<AuditList> Lists(AuditCase subject)
    {
        var reported = subject.Receipts.Select(static receipt => receipt.Text("decision_id")).ToHashSet(StringComparer.Ordinal);
        return
        [
            new AuditList("allowed_never_reported", "Allowed but never reported",
            [
                .. subject.Of(RecordKinds.Decision)
                    .Where(decision => decision.Text("effect") is "ALLOW" && !reported.Contains(decision.Text("decision_id")))
                    .Select(static decision => $"{decision.When("decided_at")} {ActionOf.Words(decision)} ({decision})"),
            ]),
            new AuditList("reported_without_decision", "Reported without a recorded decision",
            [
                .. subject.Receipts
                    .Where(receipt => subject.Decision(receipt.Text("decision_id")) is null)
                    .Select(static receipt => $"{receipt.When("signed_at")} {ActionOf.Words(receipt)} ({receipt})"),
            ]),
            new AuditList("reported_late", "Reported after expiry or revocation",
            [
                .. subject.Receipts.Select(receipt => TimeQuestion.FaultOf(subject, receipt)?.Message).OfType<string>(),
            ]),
            new AuditList("in_doubt", "Reported with a token of a key that was revoked later",
            [
                .. subject.Receipts.Select(receipt => TimeQuestion.DoubtOf(subject, receipt)).OfType<string>(),
            ]),
            new AuditList("signed_before_revocation", "Signed with a key of receipts that was revoked later",
            [
                .. ReceiptKeyOf.SignedBefore(subject),
            ]),
            new AuditList("not_in_bundles", "Reported, and too early or too many for a proof bundle",
            [
                .. subject.LeftOut().Select(static receipt => $"{receipt.When("signed_at")} {ActionOf.Words(receipt)} ({receipt})"),
            ]),
            new AuditList("refused", "Refused attempts",
            [
                .. subject.Of(RecordKinds.Refusal)
                    .Select(static refusal => $"{refusal.When("refused_at")} {refusal.Text("operation")}: {refusal.Text("reason_code")} ({refusal})"),
            ]),
        ];
    }

    /// <summary>Gives what happened, in the order of the records.</summary>
    public static ImmutableArray<TimelineItem> Timeline(AuditCase subject) =>
        [.. subject.Records.Select(record => ItemOf(subject, record)).OfType<TimelineItem>()];

    private static TimelineItem? ItemOf(AuditCase subject, AuditedRecord record) => record.Kind switch
    {
        RecordKinds.Run => new TimelineItem(record.When("started_at"), record.Sequence, record.Kind, "The run starts", record.Text("agent_did"), "plain"),
        RecordKinds.Issuance => new TimelineItem(
            record.When("issued_at"), record.Sequence, record.Kind, $"A token is issued for {record.Payload.Find("identity")?.FindText("sub")}", $"expires {record.When("expires_at")}", "plain"),
        RecordKinds.Event => new TimelineItem(record.Text("timestamp"), record.Sequence, record.Kind, $"Event: {record.Text("event_type")}", record.Text("event_hash_b64u"), "plain"),
        RecordKinds.Decision => DecisionItem(record),
        RecordKinds.Receipt => ReceiptItem(subject, record),
        RecordKinds.Refusal => new TimelineItem(
            record.When("refused_at"), record.Sequence, record.Kind, $"Refused: {record.Text("operation")}", record.Text("reason_code"), "bad"),
        RecordKinds.Revocation => new TimelineItem(record.When("revoked_at"), record.Sequence, record.Kind, record.Number("kind") == RevocationKinds.KeyId ? $"The key {record.Text("value")} is revoked" : "A revocation", record.Text("reason"), "bad"),
        RecordKinds.Seal => new TimelineItem(record.When("sealed_at"), record.Sequence, record.Kind, $"Sealed, {record.Text("state")}", record.Text("records_root_b64u"), "plain"),
        _ => null,
    };

    private static TimelineItem DecisionItem(AuditedRecord record)
    {
        var isAllowed = record.Text("effect") is "ALLOW";
        return new TimelineItem(
            record.When("decided_at"), record.Sequence, record.Kind, $"{(isAllowed ? "Allowed" : "Denied")}: {ActionOf.Words(record)}", record.Text("reason_code"), isAllowed ? "good" : "bad");
    }

    private static TimelineItem ReceiptItem(AuditCase subject, AuditedRecord record)
    {
        var fault = TimeQuestion.FaultOf(subject, record);
        var decision = subject.Decision(record.Text("decision_id"));
        var detail = fault?.Message ?? (decision is null ? "no recorded decision" : $"decided by {decision}");
        return new TimelineItem(
            record.When("signed_at"), record.Sequence, record.Kind, $"Done: {ActionOf.Words(record)}", $"{record.Text("receipt_id")}, {detail}", fault is null ? "good" : "bad");
    }
}
