namespace ClawPdp.Engine.Listings;

/// <summary>A pattern that a policy holds against a name.</summary>
public sealed record NamePattern
{
    /// <summary>Gets how it is read.</summary>
    public required NamePatternKind Kind { get; init; }

    /// <summary>Gets the pattern; empty for ports.</summary>
    public string Text { get; init; } = "";

    /// <summary>Gets the first port of a range.</summary>
    public int FirstPort { get; init; }

    /// <summary>Gets the last port of a range; below the first one for a range of none.</summary>
    public int LastPort { get; init; }

    /// <summary>Gets a value indicating whether a host without a value matches, too: one that is no address, or names no port.</summary>
    public bool MatchesWithoutValue { get; init; }

    /// <summary>Gets a value indicating whether every name matches.</summary>
    public bool IsAlways => Kind == NamePatternKind.Glob && Text is ("*" or "**");

    /// <summary>Makes a pattern of text.</summary>
    public static NamePattern Of(NamePatternKind kind, string text) => new() { Kind = kind, Text = text };
}
