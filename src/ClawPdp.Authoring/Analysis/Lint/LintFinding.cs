namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Something in a policy that its author should look at.</summary>
/// <param name="Code">Its code, which stays the same for ever.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) of the place; the empty string is the whole document.</param>
/// <param name="Message">What was found: lower case, no full stop.</param>
public sealed record LintFinding(string Code, LintSeverity Severity, string Pointer, string Message)
{
    /// <summary>Gets the id of the statement; <see langword="null"/> when it is about none.</summary>
    public string? Sid { get; init; }

    /// <summary>Gets the line in the source text, from 1; <see langword="null"/> when it has none.</summary>
    public int? Line { get; init; }

    /// <summary>Gets what can be done about it; <see langword="null"/> when the message says it.</summary>
    public string? Hint { get; init; }

    /// <summary>Gets a value indicating whether the place is in the scope mapping, not in the policy.</summary>
    public bool IsOfMapping { get; init; }
}
