using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Questions;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Audit;

/// <summary>
/// Checks the evidence of one run, offline: from the file and the trusted keys alone. Every question is answered, whatever became of the
/// others; one that cannot be answered does not hold.
/// </summary>
public static class AuditVerifier
{
    private static readonly ImmutableArray<(string Id, string Text, Func<AuditCase, AuditAnswer> Answer)> Questions =
    [
        (FormQuestion.Id, FormQuestion.Text, FormQuestion.Answer),
        (KeysQuestion.Id, KeysQuestion.Text, KeysQuestion.Answer),
        (LogQuestion.Id, LogQuestion.Text, LogQuestion.Answer),
        (CompletenessQuestion.Id, CompletenessQuestion.Text, CompletenessQuestion.Answer),
        (BundlesQuestion.Id, BundlesQuestion.Text, BundlesQuestion.Answer),
        (IdentityQuestion.Id, IdentityQuestion.Text, IdentityQuestion.Answer),
        (MappingQuestion.Id, MappingQuestion.Text, MappingQuestion.Answer),
        (DelegationQuestion.Id, DelegationQuestion.Text, DelegationQuestion.Answer),
        (TokenQuestion.Id, TokenQuestion.Text, TokenQuestion.Answer),
        (ScopeQuestion.Id, ScopeQuestion.Text, ScopeQuestion.Answer),
        (PolicyQuestionOfRun.Id, PolicyQuestionOfRun.Text, PolicyQuestionOfRun.Answer),
        (DecisionsQuestion.Id, DecisionsQuestion.Text, DecisionsQuestion.Answer),
        (TimeQuestion.Id, TimeQuestion.Text, TimeQuestion.Answer),
    ];

    /// <summary>Audits a run.</summary>
    /// <param name="file">The evidence file.</param>
    /// <param name="trusted">The did:keys of the receipts', the log's and the policies' signers; none means that nothing holds.</param>
    /// <param name="now">The instant of the audit.</param>
    public static AuditReport Verify(ReadOnlySpan<byte> file, ImmutableArray<string> trusted, DateTimeOffset now) => Verify(file, trusted, [], now);

    /// <summary>Audits a run in which humans approved actions.</summary>
    /// <param name="file">The evidence file.</param>
    /// <param name="trusted">The did:keys of the receipts', the log's and the policies' signers; none means that nothing holds.</param>
    /// <param name="approvers">The did:keys of the humans whose approvals count; none means that no approved action can be judged.</param>
    /// <param name="now">The instant of the audit.</param>
    public static AuditReport Verify(ReadOnlySpan<byte> file, ImmutableArray<string> trusted, ImmutableArray<string> approvers, DateTimeOffset now) => Verify(file, trusted, approvers, [], now);

    /// <summary>Audits a run of which whoever runs the sidecar said that a key of receipts was stolen.</summary>
    /// <param name="file">The evidence file.</param>
    /// <param name="trusted">The did:keys of the receipts', the log's and the policies' signers; none means that nothing holds.</param>
    /// <param name="approvers">The did:keys of the humans whose approvals count; none means that no approved action can be judged.</param>
    /// <param name="distrusted">Keys of receipts that are not believed, though they are trusted otherwise.</param>
    /// <param name="now">The instant of the audit.</param>
    public static AuditReport Verify(
        ReadOnlySpan<byte> file,
        ImmutableArray<string> trusted,
        ImmutableArray<string> approvers,
        ImmutableArray<DistrustedKey> distrusted,
        DateTimeOffset now)
    {
        var read = EvidenceReader.Read(file);
        if (!read.TryGet(out var evidence))
        {
            var fault = read.Faults[0];
            return Refuse(string.Create(CultureInfo.InvariantCulture, $"the file is no evidence file: line {fault.Line ?? 1}, {fault.Pointer}: {fault.Message}"), now);
        }

        var subject = new AuditCase(evidence, trusted.IsDefault ? [] : trusted, approvers.IsDefault ? [] : approvers, distrusted.IsDefault ? [] : distrusted, now);
        return new AuditReport
        {
            RunId = evidence.RunId,
            AuditedAt = Rfc3339.Format(now),
            Answers = [.. Questions.Select(question => question.Answer(subject))],
            Lists = ReportLists.Lists(subject),
            Timeline = ReportLists.Timeline(subject),
        };
    }

    private static AuditReport Refuse(string message, DateTimeOffset now) => new()
    {
        RunId = "",
        AuditedAt = Rfc3339.Format(now),
        Answers =
        [
            .. Questions.Select(question => question.Id is FormQuestion.Id
                ? Answer(question.Id, question.Text, AnswerStatus.Fails, "FILE_MALFORMED", message)
                : Answer(question.Id, question.Text, AnswerStatus.NotAnswered, "FILE_MALFORMED", "the file could not be read")),
        ],
        Lists = [],
        Timeline = [],
    };

    private static AuditAnswer Answer(string id, string text, AnswerStatus status, string code, string message) => new()
    {
        Id = id,
        Question = text,
        Status = status,
        Answer = message,
        Problems = [new AuditProblem(code, message, 0)],
        Evidence = [],
    };
}
