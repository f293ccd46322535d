namespace ClawPdp.Core.Tests.Grammar;

/// <summary>The meaning of patterns put as plainly as it goes: the first piece takes a run of the text, the rest must take the rest.</summary>
internal sealed class NaiveGlob
{
    private readonly string _pattern;
    private readonly string _text;
    private readonly bool?[] _known;

    private NaiveGlob(string pattern, string text)
    {
        _pattern = pattern;
        _text = text;
        _known = new bool?[(pattern.Length + 1) * (text.Length + 1)];
    }

    public static bool Matches(string pattern, string text) => pattern is "*" or "**" || new NaiveGlob(pattern, text).Rest(0, 0);

    private static bool IsTerminator(char unit) => unit is '\n' or '\r' or '\u2028' or '\u2029';

    // What was found out once is remembered: otherwise many stars take for ever.
    private bool Rest(int at, int from) => _known[(at * (_text.Length + 1)) + from] ??= Find(at, from);

    private bool Find(int at, int from)
    {
        if (at == _pattern.Length)
        {
            return from == _text.Length;
        }

        var isStart = at == 0 || _pattern[at - 1] == '/';
        if (isStart && _pattern.AsSpan(at).StartsWith("**/"))
        {
            return Rest(at + 3, from) || Ends(from, static unit => !IsTerminator(unit)).Any(end => end > from && _text[end - 1] == '/' && Rest(at + 3, end));
        }

        if (_pattern.AsSpan(at).StartsWith("**"))
        {
            return Ends(from, static unit => !IsTerminator(unit)).Any(end => Rest(at + 2, end));
        }

        if (_pattern[at] == '*')
        {
            return Ends(from, static unit => unit != '/').Any(end => Rest(at + 1, end));
        }

        return from < _text.Length && (_pattern[at] == '?' ? _text[from] != '/' : _text[from] == _pattern[at]) && Rest(at + 1, from + 1);
    }

    private IEnumerable<int> Ends(int from, Func<char, bool> takes)
    {
        yield return from;
        for (var end = from; end < _text.Length && takes(_text[end]);)
        {
            yield return ++end;
        }
    }
}
