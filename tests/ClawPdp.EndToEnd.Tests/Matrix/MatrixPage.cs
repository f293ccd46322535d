using System.Globalization;
using System.Reflection;
using System.Text;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>The table in docs/reliability.md: read in every run, and written where SUITE_WRITE_MATRIX is 1.</summary>
internal static class MatrixPage
{
    private const string Begin = "<!-- fault matrix: written by FaultMatrixTests, with SUITE_WRITE_MATRIX=1 -->";
    private const string End = "<!-- end of the fault matrix -->";

    /// <summary>Gets the repository's folder.</summary>
    public static string Root { get; } =
        typeof(MatrixPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";

    private static string Path => System.IO.Path.Combine(Root, "docs", "reliability.md");

    /// <summary>Gives what the page says of each fault and each door, without the times.</summary>
    public static IReadOnlyDictionary<(string Fault, string Door), string> Read()
    {
        var rows = File.ReadAllLines(Path).SkipWhile(static line => line != Begin).TakeWhile(static line => line != End).Where(static line => line.StartsWith('|')).Select(static line => line.Trim('|').Split('|')).ToList();
        var found = new Dictionary<(string, string), string>();
        foreach (var row in rows.Skip(2))
        {
            for (var place = 1; place < row.Length; place++)
            {
                found[(row[0].Trim(), rows[0][place].Trim())] = row[place].Split(',')[0].Trim(' ', '`');
            }
        }

        return found;
    }

    /// <summary>Writes the table.</summary>
    public static void Write(IEnumerable<(MatrixFault Fault, IReadOnlyList<(string Answer, TimeSpan Time)> Cells)> rows)
    {
        var table = new StringBuilder(Begin).Append("\n\n| fault |").AppendJoin("", MatrixDoor.All.Select(static door => $" {door.Name} |"));
        table.Append("\n| --- |").AppendJoin("", MatrixDoor.All.Select(static _ => " --- |")).Append('\n');
        foreach (var (fault, cells) in rows)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {fault.Name} |").AppendJoin("", cells.Select(static cell => string.Create(CultureInfo.InvariantCulture, $" `{cell.Answer}`, {Rounded(cell.Time)} |"))).Append('\n');
        }

        var page = File.ReadAllText(Path);
        var (from, to) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(Path, page[..from] + table.Append('\n') + page[to..]);
    }

    // To one digit and a zero: the next run differs by more than that.
    private static string Rounded(TimeSpan time) => time < TimeSpan.FromMilliseconds(10)
        ? "< 10 ms"
        : time < TimeSpan.FromMilliseconds(950)
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMilliseconds / 10) * 10:0} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
