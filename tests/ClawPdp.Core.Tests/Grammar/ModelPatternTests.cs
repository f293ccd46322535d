using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class ModelPatternTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a\u200B*")]
    public void Parse_Malformed_Refuses(string text)
    {
        Assert.False(ModelPattern.Parse(text, allowWildcards: true).IsValid);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("**")]
    public void Parse_StarsAlone_NeedWildcards(string text)
    {
        Assert.False(ModelPattern.Parse(text, allowWildcards: false).IsValid);
        Assert.Equal("*", ModelPattern.Parse(text, allowWildcards: true).Value.Text);
    }

    [Theory]
    [InlineData("gpt-4o", "gpt-4o")]
    [InlineData("a**b***", "a*b*")]
    public void Parse_RunsOfStars_BecomeOne(string text, string expected)
    {
        Assert.Equal(expected, ModelPattern.Parse(text, allowWildcards: false).Value.Text);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("gpt-*")]
    [InlineData("")]
    [InlineData("gpt 4")]
    public void TryParse_NameThatIsNone_Refuses(string text)
    {
        Assert.False(ModelName.TryParse(text, out _));
    }

    [Theory]
    [InlineData("gpt-4o", "gpt-4o", true)]
    [InlineData("gpt-4o", "GPT-4o", false)]
    [InlineData("gpt-4o", "gpt-4o-mini", false)]
    [InlineData("gpt-4?", "gpt-4o", false)]
    [InlineData("gpt-4?", "gpt-4?", true)]
    [InlineData("gpt.4o", "gpt-4o", false)]
    [InlineData("claude-*", "claude-", true)]
    [InlineData("claude-*", "claude-sonnet-4", true)]
    [InlineData("claude-*", "Claude-sonnet-4", false)]
    [InlineData("*-mini", "gpt-4o-mini", true)]
    [InlineData("meta/*/8b", "meta/llama/3/8b", true)]
    [InlineData("*", "anything", true)]
    public void Matches_AnswersByTheGrammar(string pattern, string model, bool expected)
    {
        Assert.Equal(expected, ModelPattern.Parse(pattern, allowWildcards: true).Value.Matches(Samples.Model(model)));
        Assert.Equal(expected, Samples.Scope("model:" + pattern).AllowsModel(Samples.Model(model)));
    }

    [Theory]
    [InlineData("claude-*", "claude-sonnet-*", true)]
    [InlineData("claude-*", "claude-*", true)]
    [InlineData("claude-sonnet-*", "claude-*", false)]
    [InlineData("*", "gpt-4o", true)]
    [InlineData("gpt-4o", "*", false)]
    [InlineData("*a*", "*ba*", true)]
    [InlineData("*ba*", "*a*", false)]
    [InlineData("a*c", "a*b*c", true)]
    [InlineData("a*b*c", "a*c", false)]
    [InlineData("a*a", "a*", false)]
    [InlineData("a*a", "a", false)]
    public void Covers_AnswersByMeaning(string outer, string inner, bool expected)
    {
        var asked = ModelPattern.Parse(inner, allowWildcards: true).Value;

        Assert.Equal(expected, ModelPattern.Parse(outer, allowWildcards: true).Value.Covers(asked));
        Assert.Equal(expected, Samples.Scope("model:" + outer).Covers(asked));
    }
}
