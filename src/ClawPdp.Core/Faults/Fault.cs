namespace ClawPdp.Core.Faults;

/// <summary>One thing wrong with a document or setting that we were given.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) of the offending member; the empty string is the whole document.</param>
/// <param name="Message">What is wrong: lower case, no full stop, input in backticks, never a secret.</param>
public sealed record Fault(string Pointer, string Message)
{
    /// <summary>Gets what the author of the document can do about it; <see langword="null"/> when the message says it.</summary>
    public string? Hint { get; init; }

    /// <summary>Gets the line in the source text, from 1; <see langword="null"/> when the text has no lines of its own.</summary>
    public int? Line { get; init; }
}
