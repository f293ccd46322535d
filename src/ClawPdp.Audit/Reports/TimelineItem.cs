namespace ClawPdp.Audit.Reports;

/// <summary>Something that happened in a run.</summary>
/// <param name="Time">When, RFC 3339.</param>
/// <param name="Sequence">The record.</param>
/// <param name="Kind">The record's kind.</param>
/// <param name="Title">What happened, in a few words.</param>
/// <param name="Detail">More about it, such as hashes.</param>
/// <param name="Tone">What it means: <c>good</c>, <c>bad</c> or <c>plain</c>.</param>
public sealed record TimelineItem(string Time, long Sequence, string Kind, string Title, string Detail, string Tone);
