using System.Collections.Immutable;

namespace ClawPdp.Audit.Reports;

/// <summary>One question about a run with its answer.</summary>
public sealed record AuditAnswer
{
    /// <summary>Gets the stable name, such as <c>identity</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the question in words.</summary>
    public required string Question { get; init; }

    /// <summary>Gets how it was answered.</summary>
    public required AnswerStatus Status { get; init; }

    /// <summary>Gets the answer in a sentence.</summary>
    public required string Answer { get; init; }

    /// <summary>Gets what is wrong; empty unless it fails or was not answered.</summary>
    public required ImmutableArray<AuditProblem> Problems { get; init; }

    /// <summary>Gets what the answer rests on, as names and values.</summary>
    public required ImmutableArray<(string Name, string Value)> Evidence { get; init; }
}
