using System.Collections.Immutable;

namespace ClawPdp.Core.Grammar;

/// <summary>Texts in ordinal order, each once.</summary>
internal static class SortedTexts
{
    /// <summary>Sorts texts; the list may be changed.</summary>
    public static ImmutableArray<string> Of(List<string> texts)
    {
        if (texts.Count == 0)
        {
            return [];
        }

        texts.Sort(StringComparer.Ordinal);
        var kept = 1;
        for (var next = 1; next < texts.Count; next++)
        {
            if (!string.Equals(texts[next], texts[kept - 1], StringComparison.Ordinal))
            {
                texts[kept++] = texts[next];
            }
        }

        texts.RemoveRange(kept, texts.Count - kept);
        return [.. texts];
    }
}
