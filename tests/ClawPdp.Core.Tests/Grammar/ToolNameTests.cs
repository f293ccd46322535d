using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Tests.Grammar;

public sealed class ToolNameTests
{
    public static TheoryData<string> Refused => new()
    {
        "", " ", "a b", "a\t", "a\n", "a\0", "\u0085", "a\u00A0b", "a\u3000", "a\u2028",
        "*", "github/*", "git*hub", "/", "/github", "github/", "github//x", "github/../x", "github/.", "./github", "..", ".",
        "a\u200Bb", "a\u200Db", "a\u202Eb", "\uFEFFa", "a\u00AD", "a\u034F", "a\u115F", "a\u3164", "a\uFFA0", "a\uFE0F", "a\u180B", "a\u2800",
        "a\U000E0041", "a\U000E0100", "a\uE000", "a\uD800", "\uDC00a", "a\u0378", "a\uFFFF", "a\uFFFE",
        new string('a', 257), new string('é', 129), new string('a', 255) + "é",
    };

    [Theory]
    [InlineData("github")]
    [InlineData("github/create_issue")]
    [InlineData("a/b/c/d")]
    [InlineData("argo-cd")]
    [InlineData("mcp__server__tool")]
    [InlineData("ns:tool@1.2+x%20")]
    [InlineData("..a")]
    [InlineData("a/...")]
    [InlineData("wörk/ツール")]
    public void TryParse_WellFormed_KeepsTheText(string text)
    {
        Assert.Equal(text, Samples.Tool(text).Text);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void TryParse_Malformed_Refuses(string text)
    {
        Assert.False(ToolName.TryParse(text, out var tool));

        Assert.Null(tool);
    }

    [Fact]
    public void TryParse_At256Bytes_Accepts()
    {
        Assert.True(ToolName.TryParse(new string('a', 256), out _));
        Assert.True(ToolName.TryParse(new string('é', 128), out _));
    }
}
