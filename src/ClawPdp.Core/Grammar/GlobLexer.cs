using System.Collections.Immutable;

namespace ClawPdp.Core.Grammar;

/// <summary>Takes a pattern apart.</summary>
internal static class GlobLexer
{
    /// <summary>Gives the pieces; of equal neighbours that stand for any number of things one is enough.</summary>
    public static ImmutableArray<GlobElement> Read(string pattern)
    {
        var elements = ImmutableArray.CreateBuilder<GlobElement>(pattern.Length);
        for (var at = 0; at < pattern.Length;)
        {
            var isSegmentStart = at == 0 || pattern[at - 1] == '/';
            var (kind, length) = Next(pattern.AsSpan(at), isSegmentStart);
            var element = new GlobElement(kind, kind == GlobElementKind.Literal ? pattern[at] : '\0');
            if (kind is GlobElementKind.Literal or GlobElementKind.AnyOne || elements.Count == 0 || elements[^1] != element)
            {
                elements.Add(element);
            }

            at += length;
        }

        return elements.DrainToImmutable();
    }

    private static (GlobElementKind Kind, int Length) Next(ReadOnlySpan<char> rest, bool isSegmentStart) => rest switch
    {
        ['*', '*', '/', ..] when isSegmentStart => (GlobElementKind.Segments, 3),
        ['*', '*', ..] => (GlobElementKind.DeepRun, 2),
        ['*', ..] => (GlobElementKind.Run, 1),
        ['?', ..] => (GlobElementKind.AnyOne, 1),
        _ => (GlobElementKind.Literal, 1),
    };
}
