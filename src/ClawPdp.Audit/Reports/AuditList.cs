using System.Collections.Immutable;

namespace ClawPdp.Audit.Reports;

/// <summary>Things that a reader should know of, which by themselves make no question fail.</summary>
/// <param name="Id">The stable name, such as <c>allowed_never_reported</c>.</param>
/// <param name="Title">What is listed.</param>
/// <param name="Items">The items, one line each.</param>
public sealed record AuditList(string Id, string Title, ImmutableArray<string> Items);
