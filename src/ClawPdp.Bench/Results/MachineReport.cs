namespace ClawPdp.Bench.Results;

/// <summary>A machine.</summary>
/// <param name="Processor">The processor's name, or <c>unknown</c>.</param>
/// <param name="Cores">How many cores the tool may use.</param>
/// <param name="Kernel">The kernel's release, or <c>unknown</c>.</param>
public sealed record MachineReport(string Processor, int Cores, string Kernel)
{
    /// <summary>Looks at this machine.</summary>
    public static MachineReport Read() => new(
        FirstLineOf("/proc/cpuinfo", "model name") is { } line ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() : "unknown",
        Environment.ProcessorCount,
        FirstLineOf("/proc/sys/kernel/osrelease", "") ?? "unknown");

    private static string? FirstLineOf(string path, string start) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) : null;
}
