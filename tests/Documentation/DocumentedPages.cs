namespace ClawPdp.Documentation;

/// <summary>The pages of the repository: everything in Markdown that somebody wrote.</summary>
internal static class DocumentedPages
{
    private static readonly string[] Others = ["node_modules", "artifacts", "bin", "obj", "results", ".git", "test-logs"];

    /// <summary>Gives their paths in the repository, in ordinal order.</summary>
    public static IReadOnlyList<string> All() => [.. Of(DocumentedBlock.Root).Select(static path => Path.GetRelativePath(DocumentedBlock.Root, path)).Order(StringComparer.Ordinal)];

    /// <summary>Gives a page's text without its fenced blocks, line for line: theirs are empty.</summary>
    public static string TextOf(string page)
    {
        var lines = File.ReadAllLines(Path.Combine(DocumentedBlock.Root, page));
        var isBlock = false;
        for (var index = 0; index < lines.Length; index++)
        {
            var isFence = lines[index].TrimStart().StartsWith("```", StringComparison.Ordinal);
            isBlock ^= isFence;
            lines[index] = isBlock || isFence ? "" : lines[index];
        }

        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Of(string folder) => Directory.EnumerateFiles(folder, "*.md")
        .Concat(Directory.EnumerateDirectories(folder).Where(static path => !Others.Contains(Path.GetFileName(path)) && !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint)).SelectMany(Of));
}
