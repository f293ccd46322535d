using System.Collections.Immutable;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Tests.Grammar;

/// <summary>Whether one scope lies inside another is told exactly: held against every name of a small world, which has a letter that no pattern names.</summary>
public sealed class ContainmentTests
{
    private const int NameLengthMax = 4;

    private static readonly string[] Below = ["", "a.", "b.", "a.b.", "b.a.", "c.a."];

    [Fact]
    public void Covers_ModelPatterns_ExactlyWhenEveryNameIsGranted()
    {
        var names = Words("abc", NameLengthMax).Select(static text => ModelName.TryParse(text, out var name) ? name : null).OfType<ModelName>().ToImmutableArray();
        var patterns = Words("ab*", 3).ToImmutableArray();
        ImmutableArray<(string Text, ModelPattern Pattern, ImmutableArray<ModelName> Matched)> inners =
        [
            .. patterns.Select(text => (text, Pattern: ModelPattern.Parse(text, allowWildcards: true).Value))
                .Select(item => (item.text, item.Pattern, names.Where(item.Pattern.Matches).ToImmutableArray())),
        ];
        var compared = 0;
        foreach (var first in patterns)
        {
            foreach (var second in patterns.Where((_, index) => index % 5 == first.Length))
            {
                var scope = Samples.Scope("model:" + first, "model:" + second);
                foreach (var (text, pattern, matched) in inners)
                {
                    Assert.True(scope.Covers(pattern) == matched.All(scope.AllowsModel), $"{first} and {second} against {text}");
                    compared++;
                }
            }
        }

        Assert.True(compared > 10_000, $"{compared} comparisons");
    }

    [Fact]
    public void Covers_ToolPatterns_ExactlyWhenEveryNameIsGranted()
    {
        var names = Words("ab/", 5).Select(static text => ToolName.TryParse(text, out var name) ? name : null).OfType<ToolName>().ToImmutableArray();
        string[] patterns = ["a", "b", "a/b", "a/a", "b/a", "a/*", "b/*", "a/b/*", "a/a/*", "*"];
        foreach (var first in patterns)
        {
            foreach (var second in patterns)
            {
                var scope = Samples.Scope("tool:" + first, "tool:" + second);
                foreach (var text in patterns.Except(["*"], StringComparer.Ordinal))
                {
                    var pattern = ToolPattern.Parse(text, allowWildcards: true).Value;

                    Assert.True(scope.Covers(pattern) == names.Where(pattern.Matches).All(scope.AllowsTool), $"{first} and {second} against {text}");
                }
            }
        }

        Assert.True(names.Length > 40, $"{names.Length} names");
    }

    [Fact]
    public void Covers_HostPatterns_ExactlyWhenEveryNameIsGranted()
    {
        var names = Words("ab", 1).SelectMany(static first => Below.Select(below => below + first + ".test"))
            .Concat(["x.test", "test.test", "a.x.test"])
            .SelectMany(static name => new[] { name, name + ":80", name + ":81" })
            .Select(static text => HostName.TryParse(text, out var host) ? host : null)
            .OfType<HostName>()
            .ToImmutableArray();
        string[] patterns = ["a.test", "b.test", "*.a.test", "*.b.test", "a.a.test", "*.a.a.test", "a.test:80", "*.a.test:80", "b.a.test:81"];
        foreach (var first in patterns)
        {
            foreach (var second in patterns)
            {
                var scope = Samples.Scope("egress:" + first, "egress:" + second);
                foreach (var text in patterns)
                {
                    var pattern = HostPattern.Parse(text, allowWildcards: true).Value;

                    Assert.True(!scope.Covers(pattern) || names.Where(pattern.Matches).All(scope.AllowsHost), $"{first} and {second} against {text}");
                    Assert.True(scope.Covers(pattern) || CanReachMore(scope, pattern, names), $"{first} and {second} against {text}, which is refused without need");
                }
            }
        }
    }

    // A port that no pattern names stands for all that are named nowhere.
    private static bool CanReachMore(GrantedScope scope, HostPattern pattern, ImmutableArray<HostName> names) =>
        names.Concat(JustBelow(pattern)).Where(pattern.Matches).Any(host => !scope.AllowsHost(host));

    private static IEnumerable<HostName> JustBelow(HostPattern pattern)
    {
        foreach (var text in new[] { "z" + pattern.Name, "z" + pattern.Name + ":80", "z" + pattern.Name + ":81", "z" + pattern.Name + ":82", pattern.Name + ":82", pattern.Name })
        {
            if (HostName.TryParse(text, out var host))
            {
                yield return host.Value;
            }
        }
    }

    private static List<string> Words(string alphabet, int lengthMax)
    {
        var words = alphabet.Select(static letter => letter.ToString()).ToList();
        var all = new List<string>(words);
        for (var length = 2; length <= lengthMax; length++)
        {
            words = [.. words.SelectMany(_ => alphabet, static (word, letter) => word + letter)];
            all.AddRange(words);
        }

        return all;
    }
}
