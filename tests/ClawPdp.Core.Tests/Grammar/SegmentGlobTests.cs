using System.Diagnostics;
using ClawPdp.Core.Grammar;
using CsCheck;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class SegmentGlobTests
{
    // The work takes milliseconds, and backtracking would take longer than the universe: a busy machine is no reason to fail.
    private static readonly TimeSpan HostileLimit = TimeSpan.FromMinutes(1);

    private static readonly Gen<string> Patterns = Piece("a", "b", "/", "*", "**", "**/", "/**/", "***", "****/", "?", "\n", "a/", "ab").Array[0, 6].Select(string.Concat);

    private static readonly Gen<string> Texts = Piece("a", "b", "/", "/", "ab", "\n", "\r", "\u2028", "\u2029", "*", "?").Array[0, 7].Select(string.Concat);

    // Long enough to reach over several words of 64 positions, and each a text of its own.
    private static readonly Gen<(string Pattern, string Text)> Long = Gen.Select(
        Piece("a", "b", "/", "*", "**", "/**/", "?", "aaaaaaaaaaaaaaa", "b/a/b/a/b", "??????????").Array[10, 60],
        Gen.Int[0, int.MaxValue]).Select(static (pieces, seed) => (Cut(string.Concat(pieces)), Expand(pieces, new Random(seed))));

    [Theory]
    [InlineData("*", "a/b\nc", true)]
    [InlineData("**", "a/b\nc", true)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a", "a", true)]
    [InlineData("a", "A", false)]
    [InlineData("a", "aa", false)]
    [InlineData("a*", "a", true)]
    [InlineData("a*", "ab\nc", true)]
    [InlineData("a*", "a/", false)]
    [InlineData("a*c", "ac", true)]
    [InlineData("ab*bc", "abc", false)]
    [InlineData("a**", "a/b/c", true)]
    [InlineData("a**", "a\n", false)]
    [InlineData("a**", "a\r", false)]
    [InlineData("a**", "a\u2028", false)]
    [InlineData("a**", "a\u2029", false)]
    [InlineData("a**", "a\u0085\v\f", true)]
    [InlineData("***", "a\nb", true)]
    [InlineData("***", "\n/", false)]
    [InlineData("***", "/\n", true)]
    [InlineData("****", "a\nb", false)]
    [InlineData("*****", "/a\nb", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a\nc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a?c", "ac", false)]
    [InlineData("?", "\uD83D\uDE00", false)]
    [InlineData("??", "\uD83D\uDE00", true)]
    [InlineData("src/**/x.ts", "src/x.ts", true)]
    [InlineData("src/**/x.ts", "src/a/x.ts", true)]
    [InlineData("src/**/x.ts", "src/a/b/x.ts", true)]
    [InlineData("src/**/x.ts", "src//x.ts", true)]
    [InlineData("src/**/x.ts", "src/evilx.ts", false)]
    [InlineData("src/**/x.ts", "src/a\n/x.ts", false)]
    [InlineData("src/**/x.ts", "srcx.ts", false)]
    [InlineData("**/secrets/**", "secrets/x", true)]
    [InlineData("**/secrets/**", "a/secrets/x", true)]
    [InlineData("**/secrets/**", "/secrets/", true)]
    [InlineData("**/secrets/**", "mysecrets/x", false)]
    [InlineData("**/secrets/**", "a/secrets", false)]
    [InlineData("a**/b", "ab", false)]
    [InlineData("a**/b", "ax/y/b", true)]
    [InlineData("**/**/x", "x", true)]
    [InlineData("**/***", "a\n", true)]
    [InlineData("**/", "", true)]
    [InlineData("**/", "a/", true)]
    [InlineData("**/", "a", false)]
    [InlineData("[a-z](b)+^$|\\.", "[a-z](b)+^$|\\.", true)]
    [InlineData("a.c", "abc", false)]
    public void Matches_WorkedPairs_IsAsTold(string pattern, string text, bool matches)
    {
        Assert.Equal(matches, SegmentGlob.Parse(pattern).Matches(text));
        Assert.Equal(matches, NaiveGlob.Matches(pattern, text));
    }

    [Fact]
    public void Matches_ShortPatterns_AsTheNaiveMatcher() => Gen.Select(Patterns, Texts.Array[20]).Sample(
        static (pattern, texts) =>
        {
            var glob = SegmentGlob.Parse(pattern);
            return texts.All(text => glob.Matches(text) == NaiveGlob.Matches(pattern, text));
        },
        iter: 15_000);

    [Fact]
    public void Matches_LongPatterns_AsTheNaiveMatcher()
    {
        var matching = 0;
        Long.Sample(
            pair =>
            {
                var expected = NaiveGlob.Matches(pair.Pattern, pair.Text);
                _ = expected ? Interlocked.Increment(ref matching) : 0;
                return SegmentGlob.Parse(pair.Pattern).Matches(pair.Text) == expected;
            },
            iter: 4_000);
        Assert.InRange(matching, 1_000, 3_900);
    }

    [Theory]
    [InlineData("*", 500)]
    [InlineData("*a", 250)]
    [InlineData("**/", 170)]
    [InlineData("?", 512)]
    [InlineData("**a", 170)]
    [InlineData("a*/", 170)]
    [InlineData("**/a/", 100)]
    public void Matches_HostilePattern_TakesNoTime(string piece, int count)
    {
        var pattern = string.Concat(Enumerable.Repeat(piece, count));
        string[] texts = [new('a', 4_096), new string('a', 4_095) + "b", string.Concat(Enumerable.Repeat("a/", 2_048)), string.Concat(Enumerable.Repeat("a/", 2_047)) + "b\n"];
        var watch = Stopwatch.StartNew();
        var glob = SegmentGlob.Parse(pattern);

        foreach (var text in texts)
        {
            _ = glob.Matches(text);
        }

        Assert.True(watch.Elapsed < HostileLimit, $"{piece} x {count}: {watch.Elapsed}");
    }

    [Theory]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(510)]
    public void Matches_PieceAtTheEdgeOfAWord_IsCarriedOver(int before)
    {
        var start = new string('?', before);
        var text = new string('x', before);

        foreach (var (piece, taken, refused) in ((string, string, string)[])[("a", "a", "b"), ("*a", "xxa", "x/a"), ("**a", "x/a", "\na"), ("?", "x", "/"), ("/**/a", "/x/a", "/xa"), ("/**/a", "/a", "a"), ("/**/***a", "/\na", "\na")])
        {
            var glob = SegmentGlob.Parse(start + piece);

            Assert.True(glob.Matches(text + taken), $"{before} {piece}");
            Assert.False(glob.Matches(text + refused), $"{before} {piece}");
            Assert.False(glob.Matches(text[1..] + "/" + taken), $"{before} {piece}");
        }
    }

    [Theory]
    [InlineData(4_095, true)]
    [InlineData(4_096, false)]
    public void Parse_PatternOfPositions_IsReadUpToWhatTheStackHolds(int count, bool isRead)
    {
        var pattern = new string('?', count);

        if (isRead)
        {
            Assert.True(SegmentGlob.Parse(pattern).Matches(new string('a', count)));
        }
        else
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => SegmentGlob.Parse(pattern));
        }
    }

    [Theory]
    [InlineData("a/b", true, false)]
    [InlineData("", true, false)]
    [InlineData("*", false, true)]
    [InlineData("**", false, true)]
    [InlineData("***", false, false)]
    [InlineData("a?", false, false)]
    public void Parse_Pattern_TellsWhetherItIsExactOrAny(string pattern, bool isExact, bool isAny)
    {
        var glob = SegmentGlob.Parse(pattern);

        Assert.Equal((isExact, isAny, pattern, pattern), (glob.IsExact, glob.IsAny, glob.Text, glob.ToString()));
    }

    [Fact]
    public void Parse_EveryPiece_IsTakenApart() => Assert.Equal(
        "Segments Literal:a AnyOne AnyOne Literal:/ Segments DeepRun Run Literal:/ Literal:b DeepRun Literal:/ Run",
        string.Join(' ', SegmentGlob.Parse("**/a??/**/**/***/b**/*").Elements.Select(static element => element.Kind == GlobElementKind.Literal ? $"Literal:{element.Literal}" : element.Kind.ToString())));

    private static Gen<string> Piece(params string[] pieces) => Gen.Int[0, pieces.Length - 1].Select(place => pieces[place]);

    private static string Cut(string pattern) => pattern.Length <= 512 ? pattern : pattern[..512];

    // A text that the pattern may well match: each piece as one of the things that it stands for.
    private static string Expand(string[] pieces, Random random)
    {
        var text = string.Concat(pieces.Select(piece => piece switch
        {
            "*" => new string('a', random.Next(4)),
            "**" => string.Concat(Enumerable.Repeat("a/", random.Next(3))),
            "/**/" => ((string[])["/", "/a/", "//", "/b/a/"])[random.Next(4)],
            "?" => "b",
            "??????????" => "abababbaba",
            _ => piece,
        }));
        return random.Next(3) > 0 || text.Length == 0 ? text : text.Remove(random.Next(text.Length), 1);
    }
}
