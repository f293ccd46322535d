using System.Globalization;
using System.Runtime.InteropServices;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>What one caller got to know, and after how long.</summary>
/// <param name="Answer">The word; empty where nothing was asked.</param>
/// <param name="Time">How long it took.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MatrixCell(string Answer, TimeSpan Time)
{
    /// <summary>What stands in the page where nothing is asked.</summary>
    public const string Blank = "–";

    /// <summary>Asks where this is a fault that the caller can notice.</summary>
    public static async Task<MatrixCell> OfAsync(MatrixDoor door, MatrixPlace place, FaultKinds kind)
    {
        if (!door.Asked.HasFlag(kind))
        {
            return new MatrixCell("", TimeSpan.Zero);
        }

        var begun = TimeProvider.System.GetTimestamp();
        var answer = await door.AskAsync(place);
        return new MatrixCell(answer.Length > 0 ? answer : "denied", TimeProvider.System.GetElapsedTime(begun));
    }

    /// <inheritdoc/>
    public override string ToString() => Answer.Length == 0 ? Blank : $"`{Answer}`, {Rounded(Time)}";

    // To one digit and a zero: the next run differs by more than that.
    private static string Rounded(TimeSpan time) => time < TimeSpan.FromMilliseconds(10)
        ? "< 10 ms"
        : time < TimeSpan.FromMilliseconds(950)
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMilliseconds / 10) * 10:0} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
