using System.Diagnostics;
using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Load.Loops;

namespace ClawPdp.Load.Rigs;

/// <summary>Collects what was measured, prints it, and keeps it with machine and commit as JSON Lines.</summary>
internal sealed class ResultFile
{
    private readonly string? _path;

    /// <param name="path">The file to append to; <see langword="null"/> for none.</param>
    public ResultFile(string? path) => _path = path;

    public void Add(string what, Samples samples, params (string Name, double Value)[] numbers)
    {
        Console.WriteLine($"{what,-42} {samples}");
        Write(what, [("count", samples.Count), ("per_second", samples.PerSecond), ("p50_us", samples.Microseconds(0.5)), ("p90_us", samples.Microseconds(0.9)), ("p99_us", samples.Microseconds(0.99)), ("p999_us", samples.Microseconds(0.999)), ("max_us", samples.Microseconds(1)), .. numbers]);
    }

    public void Add(string what, double value, string unit)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-42} {value,9:F2} {unit}"));
        Write(what, [(unit, value)]);
    }

    private static string CommitOf()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true, UseShellExecute = false });
        return git?.StandardOutput.ReadToEnd().Trim() ?? "";
    }

    private static string ProcessorOf() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "";

    private void Write(string what, (string Name, double Value)[] numbers)
    {
        if (_path is null)
        {
            return;
        }

        var line = new JsonObjectBuilder()
            .Add("what", what)
            .Add("at", DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture))
            .Add("commit", CommitOf())
            .Add("processor", ProcessorOf())
            .Add("cores", Environment.ProcessorCount);
        foreach (var (name, value) in numbers)
        {
            line.Add(name, JsonValue.Of(Math.Round(value, 3)));
        }

        File.AppendAllText(_path, JsonWriter.CanonicalText(line.Build()) + "\n");
    }
}
