namespace ClawPdp.Audit.Reports;

/// <summary>Something that is wrong.</summary>
/// <param name="Code">A stable name of the kind of problem, such as <c>RECORD_NOT_IN_LOG</c> (docs/audit.md).</param>
/// <param name="Message">The problem in words.</param>
/// <param name="Sequence">The record at fault; 0 when it is about none in particular.</param>
public sealed record AuditProblem(string Code, string Message, long Sequence);
