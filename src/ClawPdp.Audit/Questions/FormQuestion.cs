using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Audit.Questions;

/// <summary>Is the file whole, and do its records hang together?</summary>
internal static class FormQuestion
{
    public const string Id = "form";
    public const string Text = "Is the file whole, and do its records hang together?";

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        AuditedRecord? before = null;
        foreach (var record in subject.Records)
        {
            CheckRecord(subject, record, before, answer);
            before = record;
        }

        if (subject.Run is null)
        {
            answer.Fail("RUN_RECORD_MISSING", "there is not exactly one record of the start of the run");
        }

        answer.Show("run", subject.File.RunId);
        answer.Show("records", $"{subject.Records.Length}");
        return answer.Build(Id, Text, $"{subject.Records.Length} records, all of this run, in order and unchanged as far as they link to each other");
    }

    private static void CheckRecord(AuditCase subject, AuditedRecord record, AuditedRecord? before, AnswerBuilder answer)
    {
        if (!record.IsReadable)
        {
            answer.Fail("RECORD_UNREADABLE", $"{record} cannot be read", record.Sequence);
            return;
        }

        if (before is not null && record.Sequence <= before.Sequence)
        {
            answer.Fail("RECORDS_OUT_OF_ORDER", $"{record} stands after record {before.Sequence}", record.Sequence);
        }
        else if (before is not null
            && record.Sequence == before.Sequence + 1
            && !string.Equals(record.Record.PreviousHash, Base64UrlText.Encode(before.Hash), StringComparison.Ordinal))
        {
            answer.Fail("RECORD_CHAIN_BROKEN", $"{record} does not link to the record before it", record.Sequence);
        }

        var isRunsOwn = record.Kind is RecordKinds.Run or RecordKinds.Event or RecordKinds.Receipt or RecordKinds.Seal or RecordKinds.Refusal;
        if (isRunsOwn && !string.Equals(record.Text("run_id"), subject.File.RunId, StringComparison.Ordinal))
        {
            answer.Fail("RECORD_OF_ANOTHER_RUN", $"{record} is of another run", record.Sequence);
        }
    }
}
