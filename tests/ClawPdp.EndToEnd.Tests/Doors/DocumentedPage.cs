using System.Reflection;

namespace ClawPdp.EndToEnd.Tests.Doors;

/// <summary>A page of the documentation, of which the tests run what it shows.</summary>
internal sealed class DocumentedPage
{
    private static readonly string Root = typeof(DocumentedPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";

    private readonly string[] _lines;

    public DocumentedPage(string path) => _lines = File.ReadAllLines(Path.Combine(Root, "docs", path));

    /// <summary>Gives the code of a language that stands on the page, in its order.</summary>
    public IReadOnlyList<string> Snippets(string language)
    {
        var snippets = new List<string>();
        List<string>? open = null;
        foreach (var line in _lines)
        {
            if (open is null)
            {
                open = line == "```" + language ? [] : null;
            }
            else if (line == "```")
            {
                snippets.Add(string.Join('\n', open) + "\n");
                open = null;
            }
            else
            {
                open.Add(line);
            }
        }

        return snippets;
    }
}
