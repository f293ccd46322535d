using System.Text.RegularExpressions;
using ClawPdp.Documentation;

namespace ClawPdp.Architecture.Tests.Pages;

/// <summary>The links of the pages lead somewhere, and their lines can be read.</summary>
public sealed partial class LinkTests
{
    private const int LineLengthMax = 160;

    private const string Published = "https://github.com/clawpdp/clawpdp/blob/main/";

    public static TheoryData<string> Pages => [.. DocumentedPages.All()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_LeadToFilesAndHeadings(string page)
    {
        foreach (var target in Targets(page))
        {
            var isPublished = target.StartsWith(Published, StringComparison.Ordinal);
            if (!isPublished && Scheme().IsMatch(target))
            {
                continue;
            }

            var parts = (isPublished ? target[Published.Length..] : target).Split('#', 2);
            var folder = isPublished ? "" : Path.GetDirectoryName(page) ?? "";
            var path = parts[0].Length == 0 ? page : Path.GetRelativePath(DocumentedBlock.Root, Path.GetFullPath(Path.Combine(DocumentedBlock.Root, folder, parts[0])));
            var full = Path.Combine(DocumentedBlock.Root, path);

            Assert.True(File.Exists(full) || Directory.Exists(full), $"{page}: there is no {target}");
            Assert.True(parts.Length == 1 || Anchors(path).Contains(parts[1]), $"{page}: there is no heading {target}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Lines_OfAPage_AreNotLong(string page) =>
        Assert.Empty(DocumentedPages.TextOf(page).Split('\n').Index().Where(static line => line.Item.Length > LineLengthMax && !line.Item.TrimStart().StartsWith('|')).Select(line => $"{page}:{line.Index + 1}: {line.Item.Length}"));

    [Theory]
    [InlineData("`clawpdp bench`: it measures, twice", "clawpdp-bench-it-measures-twice")]
    [InlineData("nginx (run by the suite)", "nginx-run-by-the-suite")]
    [InlineData("When a key is stolen", "when-a-key-is-stolen")]
    [InlineData("a_b – c.d [e](f.md)", "a_b--cd-e")]
    public void AnchorOf_AHeading_IsThatOfTheForge(string heading, string anchor) => Assert.Equal(anchor, AnchorOf(heading));

    private static IEnumerable<string> Targets(string page)
    {
        var text = Code().Replace(DocumentedPages.TextOf(page), "");
        return Link().Matches(text).Concat(Definition().Matches(text)).Select(static match => match.Groups["target"].Value);
    }

    private static HashSet<string> Anchors(string page)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        anchors.UnionWith(Named().Matches(DocumentedPages.TextOf(page)).Select(static match => match.Groups["id"].Value));
        foreach (Match heading in Heading().Matches(DocumentedPages.TextOf(page)))
        {
            var anchor = AnchorOf(heading.Groups["text"].Value);
            for (var count = 1; !anchors.Add(anchor); count++)
            {
                anchor = $"{AnchorOf(heading.Groups["text"].Value)}-{count}";
            }
        }

        return anchors;
    }

    // Words in lower case, spaces as hyphens, and of the punctuation hyphens and underscores alone.
    private static string AnchorOf(string heading) =>
        string.Concat(LinkText().Replace(heading, "${text}").ToLowerInvariant().Where(static unit => char.IsLetterOrDigit(unit) || unit is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex("`+[^`]*`+", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("\\]\\((?<target>[^)\\s]+)\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("^\\[[^\\]]+\\]: (?<target>\\S+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Definition();

    [GeneratedRegex("^#{1,6} (?<text>.+?)\\s*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("<a id=\"(?<id>[^\"]+)\">", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex("\\[(?<text>[^\\]]*)\\]\\([^)]*\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkText();

    [GeneratedRegex("^[a-z]+:", RegexOptions.None, 1000)]
    private static partial Regex Scheme();
}
