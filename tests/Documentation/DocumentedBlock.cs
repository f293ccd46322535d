using System.Globalization;
using System.Reflection;

namespace ClawPdp.Documentation;

/// <summary>
/// A fenced block of a page. A test takes one by its id, always written out as a literal, such as <c>"docs/keys.md sh 2"</c>: the second block in <c>sh</c> of that page. So a
/// search finds who runs what, and the inventory of ClawPdp.Architecture.Tests what nobody runs.
/// </summary>
/// <param name="Page">The page's path in the repository.</param>
/// <param name="Language">The language that the fence names; empty when it names none.</param>
/// <param name="Number">Which of the page's blocks in that language it is, from one.</param>
/// <param name="Line">The line of the opening fence, from one.</param>
/// <param name="Text">What stands between the fences, without the indentation of the fence.</param>
internal sealed record DocumentedBlock(string Page, string Language, int Number, int Line, string Text)
{
    private const string Fence = "```";

    /// <summary>Gets the folder of the repository.</summary>
    public static string Root { get; } = typeof(DocumentedBlock).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";

    /// <summary>Gets what names it in tests.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Page} {Language} {Number}");

    /// <summary>Gives the text of the block of an id.</summary>
    public static string Read(string id) =>
        Of(id.Split(' ')[0]).SingleOrDefault(block => block.Id == id)?.Text ?? throw new ArgumentException($"there is no block `{id}`", nameof(id));

    /// <summary>Gives every block of a page, in its order.</summary>
    public static IReadOnlyList<DocumentedBlock> Of(string page)
    {
        var blocks = new List<DocumentedBlock>();
        var lines = File.ReadAllLines(Path.Combine(Root, page));
        for (var index = 0; index < lines.Length; index++)
        {
            var opening = lines[index].TrimStart();
            if (!opening.StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var (start, language) = (index, opening[Fence.Length..]);
            index = Array.FindIndex(lines, start + 1, static line => line.TrimStart() == Fence);
            if (index < 0)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{page}: the block of line {start + 1} has no end"));
            }

            var indent = lines[start].Length - opening.Length;
            var text = string.Concat(lines[(start + 1)..index].Select(line => line[Math.Min(indent, line.Length - line.TrimStart().Length)..] + "\n"));
            blocks.Add(new DocumentedBlock(page, language, blocks.Count(block => block.Language == language) + 1, start + 1, text));
        }

        return blocks;
    }
}
