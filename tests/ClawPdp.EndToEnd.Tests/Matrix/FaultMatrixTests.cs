using System.Globalization;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>Every fault, seen through every door and client, by the published binary: never an allow, always within a time, and what the page says.</summary>
[Collection(BreakingTests.Name)]
public sealed class FaultMatrixTests
{
    // The longest patience of a caller is that of the client for Python, in the durable mode.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(9);

    [Fact]
    public async Task EachFault_ThroughEachDoor_IsDeniedInTime()
    {
        _ = PublishedSidecar.Binary;
        var page = MatrixPage.Read();
        var rows = new List<(MatrixFault, IReadOnlyList<(string Answer, TimeSpan Time)>)>();
        foreach (var fault in MatrixFault.All)
        {
            await using var scene = await MatrixScene.StartAsync();
            await fault.BreakAsync(scene);
            var cells = await Task.WhenAll(MatrixDoor.All.Select(door => AskAsync(scene, door)));
            rows.Add((fault, cells));
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault.Name}: {string.Join(", ", cells.Select(static cell => $"{cell.Answer} {cell.Time.TotalMilliseconds:0} ms"))}"));
            foreach (var (door, (answer, time)) in MatrixDoor.All.Zip(cells))
            {
                var isAllowed = answer == MatrixDoor.Allowed;
                Assert.True(isAllowed == (fault == MatrixFault.All[0]) || answer == "not asked", $"{fault.Name}, {door.Name}: {answer}");
                Assert.True(time < AnswerMax, $"{fault.Name}, {door.Name}: {time}");
            }
        }

        if (Environment.GetEnvironmentVariable("SUITE_WRITE_MATRIX") == "1")
        {
            MatrixPage.Write(rows);
        }
        else
        {
            AssertPage(page, rows);
        }
    }

    // Of a connection that breaks one caller knows more than another, as it comes; that it is denied is what is promised.
    private static void AssertPage(IReadOnlyDictionary<(string Fault, string Door), string> page, List<(MatrixFault Fault, IReadOnlyList<(string Answer, TimeSpan Time)> Cells)> rows)
    {
        foreach (var (fault, cells) in rows)
        {
            foreach (var (door, cell) in MatrixDoor.All.Zip(cells))
            {
                Assert.True(page.TryGetValue((fault.Name, door.Name), out var told), $"docs/reliability.md has no word on {fault.Name}, {door.Name}");
                Assert.True(!told.Contains('_', StringComparison.Ordinal) || told.StartsWith("CLIENT_", StringComparison.Ordinal) || told == cell.Answer || cell.Answer == "not asked", $"{fault.Name}, {door.Name}: {cell.Answer}, and the page says {told}");
            }
        }
    }

    private static async Task<(string Answer, TimeSpan Time)> AskAsync(MatrixScene scene, MatrixDoor door)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var answer = await door.AskAsync(scene);
        return (answer, TimeProvider.System.GetElapsedTime(begun));
    }
}
