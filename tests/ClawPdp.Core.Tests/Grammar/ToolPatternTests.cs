using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class ToolPatternTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/*")]
    [InlineData("**")]
    [InlineData("*/")]
    [InlineData("*/*")]
    [InlineData("github/**")]
    [InlineData("github*")]
    [InlineData("github/cr*")]
    [InlineData("github/*/x")]
    [InlineData("github//*")]
    [InlineData("github/../*")]
    [InlineData("github/* ")]
    [InlineData(" github")]
    [InlineData("/github")]
    [InlineData("github/")]
    public void Parse_Malformed_Refuses(string text)
    {
        Assert.False(ToolPattern.Parse(text, allowWildcards: true).IsValid);
    }

    [Fact]
    public void Parse_StarAlone_NeedsWildcards()
    {
        Assert.False(ToolPattern.Parse("*", allowWildcards: false).IsValid);
        Assert.True(ToolPattern.Parse("*", allowWildcards: true).IsValid);
        Assert.True(ToolPattern.Parse("github/*", allowWildcards: false).IsValid);
    }

    [Theory]
    [InlineData("github", "github", true)]
    [InlineData("github", "Github", false)]
    [InlineData("github", "github2", false)]
    [InlineData("github", "github/create_issue", false)]
    [InlineData("github/create_issue", "github/create_issue", true)]
    [InlineData("github/create_issue", "github", false)]
    [InlineData("github/*", "github/create_issue", true)]
    [InlineData("github/*", "github/issues/create", true)]
    [InlineData("github/*", "github", false)]
    [InlineData("github/*", "github2/x", false)]
    [InlineData("github/*", "GitHub/x", false)]
    [InlineData("github/*", "x/github/y", false)]
    [InlineData("github/issues/*", "github/issues/create", true)]
    [InlineData("github/issues/*", "github/issues", false)]
    [InlineData("github/issues/*", "github/pulls/create", false)]
    [InlineData("*", "github", true)]
    [InlineData("*", "github/x", true)]
    public void Matches_AnswersByTheGrammar(string pattern, string tool, bool expected)
    {
        Assert.Equal(expected, ToolPattern.Parse(pattern, allowWildcards: true).Value.Matches(Samples.Tool(tool)));
        Assert.Equal(expected, Samples.Scope("tool:" + pattern).AllowsTool(Samples.Tool(tool)));
    }

    [Theory]
    [InlineData("*", "*", true)]
    [InlineData("*", "github/*", true)]
    [InlineData("github/*", "*", false)]
    [InlineData("github", "*", false)]
    [InlineData("github", "github", true)]
    [InlineData("github", "github/*", false)]
    [InlineData("github/*", "github", false)]
    [InlineData("github/*", "github/*", true)]
    [InlineData("github/*", "github/a", true)]
    [InlineData("github/*", "github/a/*", true)]
    [InlineData("github/a/*", "github/*", false)]
    [InlineData("github/*", "github2/*", false)]
    public void Covers_AnswersByMeaning(string outer, string inner, bool expected)
    {
        var asked = ToolPattern.Parse(inner, allowWildcards: true).Value;

        Assert.Equal(expected, ToolPattern.Parse(outer, allowWildcards: true).Value.Covers(asked));
        Assert.Equal(expected, Samples.Scope("tool:" + outer).Covers(asked));
    }
}
