namespace ClawPdp.Core.Grammar;

/// <summary>Patterns in which <c>*</c> stands for any run of characters, the empty one included, and all else for itself.</summary>
public static class StarGlob
{
    // Stands for "whatever a star can be" when one pattern is held against another; no valid name holds it.
    private const char AnyRun = '\0';

    /// <summary>
    /// Tells whether a text matches as a whole. The work is bounded by the product of the lengths: a failed match goes back
    /// to the last star alone, since an earlier one could only give away characters that the last one can take too.
    /// </summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    /// <param name="ignoreCase">
    /// Whether letters are compared by their simple upper-case form, UTF-16 unit by unit, a non-ASCII one never being equal to
    /// an ASCII one: as ECMA-262 compares under the flag <c>i</c> (Canonicalize), so that the long s is not an s. Greek letters
    /// with iota subscript are the exception: they have a capital here and none there.
    /// </param>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool ignoreCase)
    {
        var (at, next, starAt, resumeAt) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (next < pattern.Length && pattern[next] == '*')
            {
                starAt = next++;
                resumeAt = at;
            }
            else if (next < pattern.Length && AreEqual(pattern[next], text[at], ignoreCase))
            {
                next++;
                at++;
            }
            else if (starAt >= 0)
            {
                next = starAt + 1;
                at = ++resumeAt;
            }
            else
            {
                return false;
            }
        }

        return !pattern[next..].ContainsAnyExcept('*');
    }

    /// <summary>
    /// Tells whether everything that the inner pattern matches is matched by the outer one. Exact: a star of the inner one can
    /// be a character that the outer one does not name, which only a star of the outer one takes, and such a star takes any
    /// other run as well.
    /// </summary>
    public static bool Covers(ReadOnlySpan<char> outer, string inner) => Matches(outer, inner.Replace('*', AnyRun), ignoreCase: false);

    private static bool AreEqual(char left, char right, bool ignoreCase) =>
        left == right
        || (ignoreCase && char.IsAscii(left) == char.IsAscii(right) && char.ToUpperInvariant(left) == char.ToUpperInvariant(right));
}
