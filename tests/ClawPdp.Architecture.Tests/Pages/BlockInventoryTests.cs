using System.Text.RegularExpressions;
using ClawPdp.Documentation;

namespace ClawPdp.Architecture.Tests.Pages;

/// <summary>
/// Every block of code, commands or configuration of every page is run by a test, or is listed in <c>tests/Documentation/not-run.txt</c> with the reason. A test runs a block by
/// taking its text from the page under the block's id, which stands in the test as a literal.
/// </summary>
public sealed partial class BlockInventoryTests
{
    // What programs print, and pictures.
    private const string Prose = "text";

    private const int ReasonLengthMin = 20;

    private static readonly string[] TestFolders = ["tests", "clients"];
    private static readonly string[] Endings = [".cs", ".sh", ".test.ts"];

    // What takes a text by its id: in C# DocumentedBlock.Read, in a shell script and in TypeScript a function `block`.
    private static readonly string[] Takers = ["DocumentedBlock.Read(", "\nblock() {", "\nfunction block("];

    private static string RegisterPath => Path.Combine(DocumentedBlock.Root, "tests", "Documentation", "not-run.txt");

    [Fact]
    public void Blocks_EachIsTakenByATestOrListedWithAReason()
    {
        var all = DocumentedPages.All().SelectMany(DocumentedBlock.Of).ToList();
        var blocks = all.Where(static block => block.Language != Prose).Select(static block => block.Id).ToHashSet(StringComparer.Ordinal);
        var taken = Taken();
        var listed = Listed();

        Holds(blocks.Except(taken.Keys, StringComparer.Ordinal).Except(listed.Keys, StringComparer.Ordinal).Select(static id => $"{id}: no test runs it; let one take it by this id, or say in not-run.txt why none can"));
        Holds(listed.Keys.Intersect(taken.Keys, StringComparer.Ordinal).Select(id => $"{id}: listed as not run, and run by {taken[id]}"));
        Holds(listed.Keys.Except(blocks, StringComparer.Ordinal).Select(static id => $"{id}: listed as not run, and there is no such block"));
        Holds(taken.Where(item => !all.Exists(block => block.Id == item.Key)).Select(static item => $"{item.Key}: taken by {item.Value}, and there is no such block"));
    }

    [Fact]
    public void Blocks_EachNamesItsLanguage() =>
        Assert.Empty(DocumentedPages.All().SelectMany(DocumentedBlock.Of).Where(static block => !Language().IsMatch(block.Language)).Select(static block => $"{block.Page}:{block.Line}"));

    [Fact]
    public void Register_EachReason_SaysSomething() => Assert.All(Listed().Values, static reason => Assert.True(reason.Length >= ReasonLengthMin, reason));

    private static void Holds(IEnumerable<string> faults) => Assert.Equal("", string.Join('\n', faults));

    private static Dictionary<string, string> Listed() => File.ReadAllLines(RegisterPath).Where(static line => line.Length > 0 && !line.StartsWith('#'))
        .Select(static line => line.Split(": ", 2)).ToDictionary(static parts => parts[0], static parts => parts.Length > 1 ? parts[1] : "", StringComparer.Ordinal);

    private static Dictionary<string, string> Taken()
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in TestFolders.SelectMany(static folder => Repository.SourceFiles(folder, "*.*")).Where(static path => Array.Exists(Endings, ending => path.EndsWith(ending, StringComparison.Ordinal))))
        {
            var text = File.ReadAllText(path);
            if (!path.EndsWith("BlockInventoryTests.cs", StringComparison.Ordinal) && Array.Exists(Takers, taker => text.Contains(taker, StringComparison.Ordinal)))
            {
                foreach (Match match in Id().Matches(text))
                {
                    taken[match.Groups["id"].Value] = Path.GetRelativePath(DocumentedBlock.Root, path);
                }
            }
        }

        return taken;
    }

    [GeneratedRegex("[\"'](?<id>[A-Za-z0-9/._-]+\\.md [a-z]+ [0-9]+)[\"']", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    [GeneratedRegex("^[a-z]+$", RegexOptions.None, 1000)]
    private static partial Regex Language();
}
