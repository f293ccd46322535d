using System.Text.Json;
using ClawPdp.Core.Faults;

namespace ClawPdp.Bench.Results;

/// <summary>The file of a run: JSON that is read as strictly as it is written.</summary>
public static class ReportFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int SizeMaxBytes = 16 * 1024 * 1024;

    /// <summary>Writes a report.</summary>
    public static byte[] Write(RunReport report) => [.. JsonSerializer.SerializeToUtf8Bytes(report, ReportJson.Default.RunReport), (byte)'\n'];

    /// <summary>Writes a comparison.</summary>
    public static byte[] Write(ComparisonReport report) => [.. JsonSerializer.SerializeToUtf8Bytes(report, ReportJson.Default.ComparisonReport), (byte)'\n'];

    /// <summary>Reads a report.</summary>
    /// <param name="utf8">The file.</param>
    /// <returns>The report, whose histograms can all be read; or what is wrong.</returns>
    public static Result<RunReport> Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > SizeMaxBytes)
        {
            return Result.Invalid<RunReport>("", $"larger than {SizeMaxBytes} bytes");
        }

        RunReport? report;
        try
        {
            report = JsonSerializer.Deserialize(utf8, ReportJson.Default.RunReport);
        }
        catch (JsonException exception)
        {
            return Result.Invalid<RunReport>([new Fault("", "no result of `clawpdp bench`: not the JSON that it writes") { Line = exception.LineNumber is { } line ? (int)line + 1 : null }]);
        }

        return report switch
        {
            null => Result.Invalid<RunReport>("", "no result of `clawpdp bench`"),
            { FormatVersion: not RunReport.FormatVersionNow } => Result.Invalid<RunReport>("/format_version", $"{report.FormatVersion} is not {RunReport.FormatVersionNow}, the one that this version reads"),
            { Slices.IsDefaultOrEmpty: true } => Result.Invalid<RunReport>("/slices", "there are none"),
            _ when report.Histogram.Read() is null || report.Slices.Any(static slice => !(slice.Seconds > 0) || slice.Histogram.Read() is null) => Result.Invalid<RunReport>("/slices", "a histogram cannot be read"),
            _ => Result.Valid(report),
        };
    }
}
