using ClawPdp.Core.Grammar;
using CsCheck;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class StarGlobTests
{
    private static readonly Gen<string> Patterns = Gen.String[Gen.Char["ab*"], 0, 9];
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["ab"], 0, 9];

    [Fact]
    public void Matches_ShortInputs_AgreesWithTheDefinition()
    {
        Gen.Select(Patterns, Texts).Sample((pattern, text) =>
            StarGlob.Matches(pattern, text, ignoreCase: false) == IsMatch(pattern, text));
    }

    [Theory]
    [InlineData("GPT-4*", "gpt-4o", true)]
    [InlineData("é", "É", true)]
    [InlineData("ж*", "ЖЖ", true)]
    [InlineData("s", "\u017F", false)]
    [InlineData("k", "\u212A", false)]
    [InlineData("ss", "ß", false)]
    [InlineData("a[", "A{", false)]
    [InlineData("@", "`", false)]
    [InlineData("a?", "a", false)]
    public void Matches_IgnoringCase_FoldsAsTheReferenceDoes(string pattern, string text, bool expected)
    {
        Assert.Equal(expected, StarGlob.Matches(pattern, text, ignoreCase: true));
        Assert.Equal(expected, StarGlob.Matches(text, pattern.Replace("*", "x", StringComparison.Ordinal), ignoreCase: true) || pattern.Contains('*', StringComparison.Ordinal));
    }

    [Fact]
    public void Matches_ManyStarsAgainstLongText_Finishes()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 500)) + "*b";
        var text = new string('a', 20_000);

        Assert.False(StarGlob.Matches(pattern, text, ignoreCase: true));
        Assert.True(StarGlob.Matches(pattern, text + "b", ignoreCase: true));
        Assert.False(StarGlob.Matches("*" + new string('a', 250) + "b", text, ignoreCase: false));
        Assert.False(StarGlob.Covers(pattern, string.Concat(Enumerable.Repeat("a*", 5_000))));
    }

    [Fact]
    public void Covers_Yes_EveryMatchOfTheInnerIsAMatchOfTheOuter()
    {
        Gen.Select(Patterns, Patterns, Texts.Array[0, 9]).Sample((outer, inner, runs) =>
        {
            var instance = Fill(inner, runs);
            return !StarGlob.Covers(outer, inner) || StarGlob.Matches(outer, instance, ignoreCase: false);
        });
    }

    [Fact]
    public void Covers_No_SomeMatchOfTheInnerIsNone()
    {
        // A letter that no pattern names tells every star of the inner pattern from the letters of the outer one.
        Gen.Select(Patterns, Patterns).Sample((outer, inner) =>
            StarGlob.Covers(outer, inner) || !IsMatch(outer, inner.Replace('*', 'z')));
    }

    private static string Fill(string pattern, string[] runs)
    {
        var index = 0;
        return string.Concat(pattern.Select(character =>
            character == '*' ? (index < runs.Length ? runs[index++] : "") : character.ToString()));
    }

    private static bool IsMatch(string pattern, string text) => pattern switch
    {
        "" => text.Length == 0,
        ['*', .. var rest] => Enumerable.Range(0, text.Length + 1).Any(at => IsMatch(rest, text[at..])),
        _ => text.Length > 0 && text[0] == pattern[0] && IsMatch(pattern[1..], text[1..]),
    };
}
