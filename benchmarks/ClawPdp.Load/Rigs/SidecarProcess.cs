using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Load.Rigs;

/// <summary>The published binary, running; stopped by its own process id.</summary>
internal sealed partial class SidecarProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(30);

    private readonly Process _process;

    private SidecarProcess(Process process, TimeSpan startTime)
    {
        _process = process;
        StartTime = startTime;
    }

    /// <summary>Gets how long it took from exec to the first answer.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Gets the resident memory in MiB.</summary>
    public double ResidentMebibytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>Gets the processor time that it took so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<SidecarProcess> StartAsync(string binary, string configPath, string address)
    {
        var watch = Stopwatch.StartNew();
        var process = Process.Start(new ProcessStartInfo(binary, ["serve", "--config", configPath]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("the binary did not start");
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (true)
        {
            // One channel for each try: a channel that was refused waits a second before it tries again.
            using var channel = GrpcChannel.ForAddress(address);
            try
            {
                await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest { Tool = "github" });
                return new SidecarProcess(process, watch.Elapsed);
            }
            catch (RpcException) when (watch.Elapsed < StartMax && !process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ = Kill(_process.Id, SigTerm);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
