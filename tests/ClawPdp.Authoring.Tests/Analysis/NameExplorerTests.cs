using ClawPdp.Authoring.Analysis.Names;
using ClawPdp.Core.Grammar;
using CsCheck;

namespace ClawPdp.Authoring.Tests.Analysis;

public sealed class NameExplorerTests
{
    private static readonly Gen<string> Globs = Gen.Char["ab/.*?"].Array[1, 7].Select(static units => new string(units));

    [Fact]
    public void Explore_RandomPatterns_FindsExactlyWhatTryingEveryNameFinds() =>
        Globs.Array[1, 3].Sample(
            static texts =>
            {
                var globs = texts.Select(SegmentGlob.Parse).ToArray();

                var found = NameExplorer.Explore([.. globs.Select(NamePattern.Of)], PrintableGrammar.OfTools);

                var tried = NamesOver("abx/.", 6).Where(static name => ToolName.TryParse(name, out _)).Select(name => Vector(globs, name)).ToHashSet();
                Assert.True(found.IsComplete);
                Assert.All(found.Classes, item => Assert.Equal(Vector(globs, item.Witness), Written(item.Matched)));
                Assert.All(found.Classes, static item => Assert.True(ToolName.TryParse(item.Witness, out _)));
                Assert.Empty(tried.Except(found.Classes.Select(static item => Written(item.Matched))));
                Assert.Equal(tried.Order(), found.Classes.Where(static item => item.Witness.Length <= 6).Select(static item => Written(item.Matched)).Order());
            },
            iter: 150);

    [Fact]
    public void Explore_StarPatternsOfAnyCase_FindsExactlyWhatTryingEveryNameFinds() =>
        Gen.Char["aB*/"].Array[1, 5].Select(static units => new string(units)).Array[1, 3].Sample(
            static texts =>
            {
                var found = NameExplorer.Explore([.. texts.Select(static text => NamePattern.OfStars(text, ignoreCase: true))], PrintableGrammar.OfModels);

                string Match(string name) => string.Concat(texts.Index().Where(item => StarGlob.Matches(item.Item, name, ignoreCase: true)).Select(static item => item.Index));
                var tried = NamesOver("aAbx/", 5).Select(Match).ToHashSet();
                Assert.Empty(tried.Except(found.Classes.Select(static item => Written(item.Matched))));
                Assert.All(found.Classes, item => Assert.Equal(Match(item.Witness), Written(item.Matched)));
            },
            iter: 100);

    [Fact]
    public void Explore_HostPatterns_FindsExactlyWhatTryingEveryNameFinds() =>
        Gen.Char["a0x-.*?"].Array[1, 6].Select(static units => new string(units)).Array[1, 3].Sample(
            static texts =>
            {
                var globs = texts.Select(SegmentGlob.Parse).ToArray();

                var found = NameExplorer.Explore([.. globs.Select(NamePattern.Of)], new HostGrammar(countsLabels: false));

                var tried = NamesOver("ax0-.h", 6).Where(static name => HostName.TryParse(name, out var host) && host.Value.Name == name).Select(name => Vector(globs, name)).ToHashSet();
                Assert.True(found.IsComplete);
                Assert.Equal(tried.Order(), found.Classes.Where(static item => item.Witness.Length <= 6).Select(static item => Written(item.Matched)).Order());
                Assert.All(found.Classes, item => Assert.Equal(Vector(globs, item.Witness), Written(item.Matched)));
            },
            iter: 100);

    [Fact]
    public void Explore_MoreStatesThanAllowed_SaysSo()
    {
        NamePattern[] patterns = [.. "abcdefgh".Select(static unit => NamePattern.OfStars($"*{unit}*", ignoreCase: false))];

        Assert.True(NameExplorer.Explore(patterns, PrintableGrammar.OfModels, 256 * 3).IsComplete);
        Assert.False(NameExplorer.Explore(patterns, PrintableGrammar.OfModels, 100).IsComplete);
    }

    [Fact]
    public void Explore_LabelThatDecodesToNothing_SaysThatItProvedNothing()
    {
        Assert.False(NameExplorer.Explore([NamePattern.Of(SegmentGlob.Parse("xn--?.example"))], new HostGrammar(countsLabels: false)).IsComplete);
        Assert.True(NameExplorer.Explore([NamePattern.Of("xn--mnchen-3ya.example")], new HostGrammar(countsLabels: false)).IsComplete);
    }

    [Fact]
    public void Explore_HalvesOfSurrogatePairs_AreJoinedToCharacters()
    {
        var found = NameExplorer.Explore([NamePattern.Of(SegmentGlob.Parse("a\uD83D?"))], PrintableGrammar.OfTools);

        Assert.Contains(found.Classes, static item => item.Matched.Items.Length == 1);
    }

    [Theory]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("/etc/**")]
    [InlineData("a b")]
    [InlineData("a/")]
    public void Explore_PatternThatNoToolHas_IsNeverMatched(string text)
    {
        var found = NameExplorer.Explore([NamePattern.Of(SegmentGlob.Parse(text))], PrintableGrammar.OfTools);

        Assert.True(found.IsComplete);
        Assert.DoesNotContain(found.Classes, static item => item.Matched.Items.Length > 0);
    }

    [Theory]
    [InlineData("Api.example.com")]
    [InlineData("api..example")]
    [InlineData("*.123")]
    [InlineData("-a.example")]
    [InlineData("*/x")]
    public void Explore_PatternThatNoHostHas_IsNeverMatched(string text)
    {
        var found = NameExplorer.Explore([NamePattern.Of(SegmentGlob.Parse(text))], new HostGrammar(countsLabels: false));

        Assert.True(found.IsComplete);
        Assert.DoesNotContain(found.Classes, static item => item.Matched.Items.Length > 0);
    }

    [Fact]
    public void Explore_LabelOf64Characters_IsNeverMatchedOnceLabelsAreCounted()
    {
        var found = NameExplorer.Explore([NamePattern.Of(new string('a', 64))], new HostGrammar(countsLabels: true));

        Assert.True(found.IsComplete);
        Assert.Single(found.Classes);
    }

    private static string Vector(SegmentGlob[] globs, string name) => string.Concat(globs.Index().Where(item => item.Item.Matches(name)).Select(static item => item.Index));

    private static string Written(PositionSet matched) => string.Concat(matched.Items.ToArray());

    private static IEnumerable<string> NamesOver(string alphabet, int lengthMax)
    {
        IEnumerable<string> names = [""];
        for (var length = 1; length <= lengthMax; length++)
        {
            names = [.. names.SelectMany(name => alphabet.Select(unit => name + unit))];
            foreach (var name in names)
            {
                yield return name;
            }
        }
    }
}
