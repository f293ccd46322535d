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
        (string Language, int Indent, int Line, List<string> Lines)? open = null;
        var lines = File.ReadAllLines(Path.Combine(Root, page));
        for (var index = 0; index < lines.Length; index++)
        {
            var text = lines[index].TrimStart();
            if (open is not { } block)
            {
                open = text.StartsWith(Fence, StringComparison.Ordinal) ? (text[Fence.Length..], lines[index].Length - text.Length, index + 1, []) : null;
            }
            else if (text == Fence)
            {
                var number = blocks.Count(other => other.Language == block.Language) + 1;
                blocks.Add(new DocumentedBlock(page, block.Language, number, block.Line, string.Concat(block.Lines.Select(static line => line + "\n"))));
                open = null;
            }
            else
            {
                block.Lines.Add(lines[index][Math.Min(block.Indent, lines[index].Length - text.Length)..]);
            }
        }

        return open is null ? blocks : throw new InvalidDataException($"{page}: the block of line {open.Value.Line} has no end");
    }
}
