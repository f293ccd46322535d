using System.Collections.Immutable;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>Any pattern that names are held against, whatever it is written as, in one form. Immutable.</summary>
internal sealed class NamePattern
{
    private NamePattern(string key, IEnumerable<PatternPiece> pieces)
    {
        Key = key;
        Pieces = [.. pieces, new PatternPiece(PieceKind.End)];
    }

    /// <summary>Gets what tells the pattern from others: equal keys mean equal patterns.</summary>
    public string Key { get; }

    /// <summary>Gets the positions; the last one is the end.</summary>
    public ImmutableArray<PatternPiece> Pieces { get; }

    /// <summary>Takes a pattern of policies of version 2.</summary>
    public static NamePattern Of(SegmentGlob glob) =>
        glob.IsAny ? new("glob:**", [new(PieceKind.AnyRun)]) : glob.IsExact ? Of(glob.Text) : new("glob:" + glob.Text, glob.Elements.SelectMany(PiecesOf));

    /// <summary>Takes a text that only matches itself.</summary>
    public static NamePattern Of(string text) => new("text:" + text, text.Select(static unit => new PatternPiece(PieceKind.Unit, unit)));

    /// <summary>Takes a pattern in which a star is any run of units, and all else itself.</summary>
    public static NamePattern OfStars(string text, bool ignoreCase)
    {
        var kind = ignoreCase ? PieceKind.UnitOfAnyCase : PieceKind.Unit;
        return new(
            (ignoreCase ? "any-case:" : "stars:") + text,
            text.Select(unit => unit == '*' ? new PatternPiece(PieceKind.AnyRun) : new PatternPiece(kind, unit)));
    }

    /// <summary>Takes what a host pattern says about names; <see langword="null"/> when that is nothing.</summary>
    public static NamePattern? Of(HostPattern pattern) => pattern.Kind switch
    {
        HostPatternKind.Exact => Of(pattern.Name),
        HostPatternKind.Below => OfStars("*" + pattern.Name, ignoreCase: false),
        _ => null,
    };

    /// <summary>Takes a tool pattern of a scope.</summary>
    public static NamePattern Of(ToolPattern pattern) =>
        pattern.IsAny || pattern.IsBelow ? OfStars(pattern.Text, ignoreCase: false) : Of(pattern.Text);

    /// <inheritdoc/>
    public override string ToString() => Key;

    private static IEnumerable<PatternPiece> PiecesOf(GlobElement element) => element.Kind switch
    {
        GlobElementKind.Literal => [new(PieceKind.Unit, element.Literal)],
        GlobElementKind.AnyOne => [new(PieceKind.AnyOne)],
        GlobElementKind.Run => [new(PieceKind.Run)],
        GlobElementKind.DeepRun => [new(PieceKind.DeepRun)],
        _ => [new(PieceKind.Segments), new(PieceKind.WithinSegments)],
    };
}
