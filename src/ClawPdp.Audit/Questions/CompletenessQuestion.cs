using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Core.Runs;

namespace ClawPdp.Audit.Questions;

/// <summary>Is anything missing?</summary>
internal static class CompletenessQuestion
{
    public const string Id = "completeness";
    public const string Text = "Is the run complete: no record left out, none added, no end cut off?";

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        if (subject.Seal is not { } seal)
        {
            answer.Fail("SEAL_MISSING", "the last record is not the seal that states how much there is of the run");
            return answer.Build(Id, Text, "");
        }

        var members = subject.Records.RemoveAt(subject.Records.Length - 1);
        Expect(answer, seal, "record_count", members.Length);
        Expect(answer, seal, "event_count", subject.Of(RecordKinds.Event).Length);
        Expect(answer, seal, "receipt_count", subject.Receipts.Length);
        Expect(answer, seal, "decision_count", subject.Of(RecordKinds.Decision).Length);
        Expect(answer, seal, "refusal_count", subject.Of(RecordKinds.Refusal).Length);
        Expect(answer, seal, "segment_count", subject.File.Exports.Length);
        var root = Base64UrlText.Encode(MerkleTree.RootOf(members.Select(static record => (ReadOnlyMemory<byte>)record.Hash)));
        if (!string.Equals(root, seal.Text("records_root_b64u"), StringComparison.Ordinal))
        {
            answer.Fail("RECORDS_NOT_THOSE_SEALED", "the records are not the ones that were sealed", seal.Sequence);
        }

        CheckChains(subject, seal, answer);
        var state = seal.Text("state");
        answer.Show("state", state is "open" ? "open: the run went on after this seal, or could have" : state);
        answer.Show("sealed at", seal.When("sealed_at"));
        answer.Show("records root", seal.Text("records_root_b64u"));
        return answer.Build(Id, Text, $"{members.Length} records are sealed and all are there; the run was {state} at {seal.When("sealed_at")}");
    }

    private static void Expect(AnswerBuilder answer, AuditedRecord seal, string name, int found)
    {
        if (seal.Number(name) != found)
        {
            answer.Fail("COUNT_DIFFERS", $"`{name}` is {seal.Number(name)} in the seal, and {found} are there", seal.Sequence);
        }
    }

    private static void CheckChains(AuditCase subject, AuditedRecord seal, AnswerBuilder answer)
    {
        RunEvent? last = null;
        foreach (var segment in subject.Of(RecordKinds.Event).GroupBy(static record => record.Number("segment")))
        {
            var events = segment.Select(EventOf).ToList();
            if (EventChain.FindFault([.. events]) is { } fault)
            {
                answer.Fail("EVENT_CHAIN_BROKEN", $"segment {segment.Key}, event {fault.Index}: {fault.Message}", segment.ElementAt(fault.Index).Sequence);
            }

            if (last is not null && !IsContinuation(events[0], last, (int)segment.Key))
            {
                answer.Fail("EVENT_CHAIN_BROKEN", $"segment {segment.Key} does not go on from the one before it", segment.First().Sequence);
            }

            last = events[^1];
        }

        if (!string.Equals(last?.EventHash ?? "", seal.Text("last_event_hash_b64u"), StringComparison.Ordinal))
        {
            answer.Fail("EVENT_CHAIN_BROKEN", "the last event is not the one that was sealed", seal.Sequence);
        }
    }

    private static bool IsContinuation(RunEvent first, RunEvent last, int segment) =>
        first.EventType is Continuation.EventType
            && string.Equals(first.PayloadHash, Sha256.OfCanonical(Continuation.PayloadOf(first.RunId, segment, last.EventHash)), StringComparison.Ordinal);

    private static RunEvent EventOf(AuditedRecord record) => new()
    {
        EventId = record.Text("event_id"),
        RunId = record.Text("run_id"),
        EventType = record.Text("event_type"),
        Timestamp = record.Text("timestamp"),
        PayloadHash = record.Text("payload_hash_b64u"),
        PreviousHash = record.Content.FindText("prev_hash_b64u"),
        EventHash = record.Text("event_hash_b64u"),
    };
}
