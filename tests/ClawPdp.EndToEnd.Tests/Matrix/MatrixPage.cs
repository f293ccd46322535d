using System.Globalization;
using System.Reflection;
using System.Text;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>The tables in docs/reliability.md: read in every run, and written where SUITE_WRITE_MATRIX is 1.</summary>
internal static class MatrixPage
{
    /// <summary>Gets the repository's folder.</summary>
    public static string Root { get; } =
        typeof(MatrixPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";

    private static string Path => System.IO.Path.Combine(Root, "docs", "reliability.md");

    /// <summary>Gives what the page says of each fault and each door, without the times.</summary>
    public static IReadOnlyDictionary<(string Fault, string Door), string> Read(MatrixTable table)
    {
        var (begin, end) = MarksOf(table);
        var rows = File.ReadAllLines(Path).SkipWhile(line => line != begin).TakeWhile(line => line != end).Where(static line => line.StartsWith('|')).Select(static line => line.Trim('|').Split('|')).ToList();
        var found = new Dictionary<(string, string), string>();
        foreach (var row in rows.Skip(2))
        {
            for (var place = 1; place < row.Length; place++)
            {
                found.Add((row[0].Trim(), rows[0][place].Trim()), row[place].Split("`, ")[0].Trim(' ', '`'));
            }
        }

        return found;
    }

    /// <summary>Writes a table.</summary>
    public static void Write(MatrixTable table, IEnumerable<MatrixRow> rows)
    {
        var (begin, end) = MarksOf(table);
        var text = new StringBuilder(begin).Append("\n\n| fault |").AppendJoin("", table.Columns.Select(static door => $" {door.Name} |"));
        text.Append("\n| --- |").AppendJoin("", table.Columns.Select(static _ => " --- |")).Append('\n');
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} |").AppendJoin("", table.Columns.Select(door => $" {row.Cells[door]} |")).Append('\n');
        }

        var page = File.ReadAllText(Path);
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal), page.IndexOf(end, StringComparison.Ordinal));
        File.WriteAllText(Path, page[..from] + text.Append('\n') + page[to..]);
    }

    private static (string Begin, string End) MarksOf(MatrixTable table) =>
        ($"<!-- fault matrix, {table.Name}: written by FaultMatrixTests, with SUITE_WRITE_MATRIX=1 -->", $"<!-- end of the fault matrix, {table.Name} -->");
}
