using ClawPdp.Core.Encoding;

namespace ClawPdp.Core.Tests.Encoding;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain, Grüße, 日本, `tick`", "plain, Grüße, 日本, `tick`")]
    [InlineData("a\nok   form", "a\\u000aok   form")]
    [InlineData("\u001b[32mok\u001b[0m", "\\u001b[32mok\\u001b[0m")]
    [InlineData("\u009b32m", "\\u009b32m")]
    [InlineData("evil\u202egnp.exe", "evil\\u202egnp.exe")]
    [InlineData("a\u200bb\u2028c\u007f", "a\\u200bb\\u2028c\\u007f")]
    public void Of_Text_ShowsWhatATerminalWouldObey(string text, string visible) => Assert.Equal(visible, VisibleText.Of(text));
}
