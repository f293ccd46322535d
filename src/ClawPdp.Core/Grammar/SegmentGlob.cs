using System.Collections.Immutable;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// A pattern of policies of version 2, case-sensitive, held against a whole text: <c>*</c> stays inside a segment, <c>**</c> crosses
/// slashes but no line terminators, <c>**/</c> where a segment begins stands for zero or more whole segments, <c>?</c> is one UTF-16
/// unit other than a slash, and <c>*</c> or <c>**</c> alone is anything. Immutable; matching allocates nothing and is linear in the
/// text.
/// </summary>
public sealed class SegmentGlob
{
    private readonly string _prefix;
    private readonly string _suffix;
    private readonly string _needle;
    private readonly GlobElementKind _only;
    private readonly GlobAutomaton? _automaton;

    private SegmentGlob(string text)
    {
        Text = text;
        Elements = GlobLexer.Read(text);
        IsAny = text is "*" or "**";
        _prefix = LiteralRun(0);
        IsExact = _prefix.Length == Elements.Length;
        _suffix = IsExact ? "" : LiteralRun(Elements.Length - CountTrailingLiterals());
        if (!IsAny && !IsExact)
        {
            var isOneRun = _prefix.Length + _suffix.Length + 1 == Elements.Length;
            _only = isOneRun && Elements[_prefix.Length].Kind is GlobElementKind.Run or GlobElementKind.DeepRun ? Elements[_prefix.Length].Kind : GlobElementKind.Literal;
            _automaton = _only == GlobElementKind.Literal ? new GlobAutomaton(Elements) : null;
        }

        _needle = _automaton is null ? "" : LongestLiteral();
    }

    /// <summary>Gets the pattern.</summary>
    public string Text { get; }

    /// <summary>Gets the pieces of the pattern.</summary>
    public ImmutableArray<GlobElement> Elements { get; }

    /// <summary>Gets a value indicating whether anything matches.</summary>
    public bool IsAny { get; }

    /// <summary>Gets a value indicating whether only the text itself matches.</summary>
    public bool IsExact { get; }

    /// <summary>Reads a pattern; every text is one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pattern has more than 4,000 characters.</exception>
    public static SegmentGlob Parse(string text) => new(text);

    /// <summary>Tells whether a unit ends a line in ECMAScript: LF, CR, U+2028 or U+2029 (ECMA-262 section 12.3).</summary>
    public static bool IsLineTerminator(char unit) => unit is '\n' or '\r' or '\u2028' or '\u2029';

    /// <summary>Tells whether a text matches as a whole.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        if (IsAny)
        {
            return true;
        }

        if (IsExact)
        {
            return text.SequenceEqual(Text);
        }

        if (text.Length < _prefix.Length + _suffix.Length
            || !text.StartsWith(_prefix, StringComparison.Ordinal)
            || !text.EndsWith(_suffix, StringComparison.Ordinal))
        {
            return false;
        }

        var middle = text[_prefix.Length..(text.Length - _suffix.Length)];
        return _only switch
        {
            GlobElementKind.Run => !middle.Contains('/'),
            GlobElementKind.DeepRun => !middle.ContainsAny("\n\r\u2028\u2029"),
            _ => text.Contains(_needle, StringComparison.Ordinal) && _automaton?.Matches(text) == true,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private string LiteralRun(int start) =>
        new([.. Elements.Skip(start).TakeWhile(static element => element.Kind == GlobElementKind.Literal).Select(static element => element.Literal)]);

    private int CountTrailingLiterals() => Elements.Reverse().TakeWhile(static element => element.Kind == GlobElementKind.Literal).Count();

    // Whatever matches holds every literal run of the pattern: one search rules most texts out.
    private string LongestLiteral()
    {
        var longest = "";
        for (var start = 0; start < Elements.Length;)
        {
            var run = LiteralRun(start);
            longest = run.Length > longest.Length ? run : longest;
            start += run.Length + 1;
        }

        return longest;
    }
}
