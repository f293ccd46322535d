namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A table of the page.</summary>
/// <param name="Name">Its name, which stands in the page's marks.</param>
/// <param name="Columns">The callers.</param>
internal sealed record MatrixTable(string Name, IReadOnlyList<MatrixDoor> Columns)
{
    /// <summary>Gets the tables of one row for each fault of a sidecar.</summary>
    public static IReadOnlyList<MatrixTable> OfFaults { get; } =
    [
        new("doors", [.. GrpcDoors.All, .. HttpDoors.All]),
        new("clients", ClientDoors.All),
        new("tokens", [.. TokenDoors.Issuance, .. TokenDoors.Introspection]),
    ];

    /// <summary>Gets the table of the faults of identity providers.</summary>
    public static MatrixTable OfProviders { get; } = new("providers", TokenDoors.Issuance);

    /// <summary>Gets the table of the faults on the caller's own side.</summary>
    public static MatrixTable OfCallers { get; } = new("callers", CallerFault.Columns);

    /// <summary>Writes the table, where the environment says so; else holds the page to it.</summary>
    /// <param name="rows">All rows; those where no column is asked are left out.</param>
    public void Settle(IEnumerable<MatrixRow> rows)
    {
        var mine = rows.Where(row => Columns.Any(door => door.Asked.HasFlag(row.Kind))).ToList();
        if (Environment.GetEnvironmentVariable("SUITE_WRITE_MATRIX") == "1")
        {
            MatrixPage.Write(this, mine);
            return;
        }

        var page = MatrixPage.Read(this);
        Assert.Equal(mine.Count * Columns.Count, page.Count);
        foreach (var row in mine)
        {
            foreach (var door in Columns)
            {
                CheckCell(row, door, page);
            }
        }
    }

    // Of a connection that breaks one caller knows more than another, as it comes. A reason code is always the same.
    private static void CheckCell(MatrixRow row, MatrixDoor door, IReadOnlyDictionary<(string Fault, string Door), string> page)
    {
        var cell = row.Cells[door];
        Assert.True(page.TryGetValue((row.Name, door.Name), out var told), $"docs/reliability.md has no word on {row.Name}, {door.Name}");
        var isTrue = cell.Answer.Length == 0 ? told == MatrixCell.Blank : row.Kind == FaultKinds.Process ? row.Answers.Contains(told) : told == cell.Answer;
        Assert.True(isTrue, $"{row.Name}, {door.Name}: {cell}, and the page says {told}");
    }
}
