using System.Reflection;

namespace ClawPdp.EndToEnd.Tests.Conformance;

/// <summary>A table of the answers that are right: one line a case, or several where each of several answers is.</summary>
internal sealed class ExpectedRows
{
    private const int ColumnCount = 7;

    private readonly ILookup<string, CallRow> _rows;

    private ExpectedRows(ILookup<string, CallRow> rows) => _rows = rows;

    /// <summary>Gets the names of the cases in their order.</summary>
    public IEnumerable<string> Cases => _rows.Select(static row => row.Key);

    /// <summary>Reads a table that lies beside the tests.</summary>
    public static ExpectedRows Read(string file)
    {
        var lines = File.ReadLines(Path.Combine(Folder, file)).Where(static line => line.Length > 0 && line[0] != '#');
        return new ExpectedRows(lines.Select(ParseLine).ToLookup(static row => row.Case, StringComparer.Ordinal));
    }

    /// <summary>Holds a run against the table: the case was called, and came to one of its right answers.</summary>
    public void Check(string name, IReadOnlyList<CallRow> run)
    {
        var found = Assert.Single(run, row => string.Equals(row.Case, name, StringComparison.Ordinal));
        Assert.Contains(found, _rows[name]);
    }

    /// <summary>Gets the folder of the tables and the client programs.</summary>
    public static string Folder => Path.Combine(Root, "tests", "ClawPdp.EndToEnd.Tests", "Conformance");

    /// <summary>Gets the folder of the protos.</summary>
    public static string Protos => Path.Combine(Root, "protos");

    private static string Root =>
        typeof(ExpectedRows).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";

    private static CallRow ParseLine(string line)
    {
        var columns = line.Split('\t');
        Assert.True(columns.Length == ColumnCount, line);
        var values = columns.Select(static column => column == "-" ? "" : column).ToArray();
        return new CallRow(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
    }
}
