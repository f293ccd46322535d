namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>A row as it was seen.</summary>
/// <param name="Name">What the page calls the fault.</param>
/// <param name="Kind">What it concerns.</param>
/// <param name="Answers">What callers may get to know, and nothing else.</param>
/// <param name="Cells">What each got to know, by column.</param>
internal sealed record MatrixRow(string Name, FaultKinds Kind, string[] Answers, IReadOnlyDictionary<MatrixDoor, MatrixCell> Cells)
{
    // The longest patience of a caller is three seconds; the rest is what two busy cores need.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(9);

    /// <summary>Asks all callers at once.</summary>
    public static async Task<MatrixRow> AskAsync(string name, FaultKinds kind, string[] answers, IReadOnlyList<MatrixDoor> doors, MatrixPlace place)
    {
        var cells = await Task.WhenAll(doors.Select(door => MatrixCell.OfAsync(door, place, kind)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {string.Join(", ", doors.Zip(cells, static (door, cell) => $"{door.Name} {cell}"))}");
        return new MatrixRow(name, kind, answers, doors.Zip(cells).ToDictionary());
    }

    /// <summary>Holds the row to what is promised: nothing is granted but where nothing is broken, and each answer is one of those expected, in time.</summary>
    /// <returns>What is not so.</returns>
    public IEnumerable<string> Faults() => Cells.Select(cell => FaultOf(cell.Key, cell.Value)).OfType<string>().Select(fault => $"{Name}: {fault}");

    private string? FaultOf(MatrixDoor door, MatrixCell cell)
    {
        if (cell.Answer.Length == 0)
        {
            return door.Asked.HasFlag(Kind) ? $"{door.Name}: no cell" : null;
        }

        if (MatrixDoor.IsGrant(cell.Answer) != (Kind == FaultKinds.Nothing))
        {
            return $"{door.Name}: {cell.Answer}";
        }

        return !Answers.Contains(cell.Answer) ? $"{door.Name}: {cell.Answer}; expected is one of {string.Join(", ", Answers)}"
            : cell.Time > AnswerMax ? $"{door.Name}: {cell.Time}"
            : null;
    }
}
