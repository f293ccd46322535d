using System.Diagnostics;
using System.Reflection;

namespace ClawPdp.Server.Telemetry;

/// <summary>What the process takes, from the kernel and the collector.</summary>
internal sealed class ProcessMeter : IMetricSource
{
    private const string DescriptorsPath = "/proc/self/fd";

    // The first three generations are the collector's; what is beyond is not collected by number.
    private static readonly string[] Generations = ["0", "1", "2"];

    private readonly DateTimeOffset _startedAt;

    public ProcessMeter(TimeProvider time) => _startedAt = time.GetUtcNow() - RunningFor();

    /// <summary>Gets the version of the program, as its release is called.</summary>
    public static string Version { get; } =
        typeof(ProcessMeter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Gauge("clawpdp.build.info", "1", "1, with the version of the program", static () => [MetricPoint.Of(1, Version)], "version"),
        Metric.Counter("process.cpu", "s", "Time that processors worked for the process", static () => Environment.CpuUsage.TotalTime.TotalSeconds),
        Metric.Gauge("process.resident_memory", "By", "Memory of the process that is in the machine's", static () => Environment.WorkingSet),
        Metric.Gauge("process.open_fds", "{descriptor}", "File descriptors that are open", static () => Directory.EnumerateFileSystemEntries(DescriptorsPath).Count()),
        Metric.Gauge("process.start_time", "s", "When the process started, in seconds since 1970", () => _startedAt.ToUnixTimeMilliseconds() / 1e3),
        Metric.Gauge("dotnet.thread_pool.threads", "{thread}", "Threads of the pool", static () => ThreadPool.ThreadCount),
        Metric.Gauge("dotnet.gc.heap", "By", "Memory that objects take, those that are not collected yet included", static () => GC.GetTotalMemory(forceFullCollection: false)),
        Metric.Counter("dotnet.gc.collections", "{collection}", "Collections, by the oldest generation that was collected", ReadCollections, "generation"),
    ];

    private static IEnumerable<MetricPoint> ReadCollections() =>
        Generations.Select(static (name, generation) => MetricPoint.Of(GC.CollectionCount(generation), name));

    private static TimeSpan RunningFor()
    {
        using var self = Process.GetCurrentProcess();
        var started = new DateTimeOffset(self.StartTime.ToUniversalTime(), TimeSpan.Zero);
        var running = TimeProvider.System.GetUtcNow() - started;
        return running > TimeSpan.Zero ? running : TimeSpan.Zero;
    }
}
