using System.Text.RegularExpressions;

namespace ClawPdp.EndToEnd.Tests.Doors;

/// <summary>The fenced blocks of a page in <c>docs/</c>.</summary>
internal static class DocumentSnippets
{
    /// <summary>Gives the one block of a language.</summary>
    public static string Read(string page, string language)
    {
        var text = File.ReadAllText(Path.Combine(Conformance.ExpectedRows.Protos, "..", "docs", page));
        var blocks = Regex.Matches(text, $"^```{language}\n(?<block>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, TimeSpan.FromSeconds(1));
        return Assert.Single(blocks).Groups["block"].Value;
    }
}
