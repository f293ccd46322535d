using System.Collections.Immutable;

namespace ClawPdp.Audit.Reports;

/// <summary>Everything that an audit of one run found.</summary>
public sealed record AuditReport
{
    /// <summary>Gets the run; empty when the file could not be read.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the instant of the audit, RFC 3339.</summary>
    public required string AuditedAt { get; init; }

    /// <summary>Gets every question, in a fixed order.</summary>
    public required ImmutableArray<AuditAnswer> Answers { get; init; }

    /// <summary>Gets what a reader should know beside them.</summary>
    public required ImmutableArray<AuditList> Lists { get; init; }

    /// <summary>Gets what happened, in the order of the records.</summary>
    public required ImmutableArray<TimelineItem> Timeline { get; init; }

    /// <summary>Gets a value indicating whether every question holds.</summary>
    public bool Holds => !Answers.IsEmpty && Answers.All(static answer => answer.Status == AnswerStatus.Holds);
}
