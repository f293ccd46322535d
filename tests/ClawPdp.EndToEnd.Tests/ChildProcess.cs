using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>A process that the tests start and end by its own id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isDisposed;

    private ChildProcess(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a program and waits for the first line that says it is ready.</summary>
    public static async Task<(ChildProcess Process, string ReadyLine)> StartAsync(string program, IEnumerable<string> arguments, string readyMark)
    {
        var child = Launch(program, arguments, readyMark, []);
        try
        {
            return (child, await child.ReadyAsync());
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a program and waits for nothing.</summary>
    public static ChildProcess Launch(string program, IEnumerable<string> arguments, string readyMark, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        child._process.OutputDataReceived += (_, line) => child.Take(line.Data, readyMark);
        child._process.ErrorDataReceived += (_, line) => child.Take(line.Data, readyMark);
        child._process.Exited += (_, _) => child._ready.TrySetException(new InvalidOperationException($"{program} ended: {child.Output}"));
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("not started");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Waits for the first line that says that the process is ready.</summary>
    public Task<string> ReadyAsync() => _ready.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Asks the process to end.</summary>
    public async Task TerminateAsync() =>
        Assert.Equal((0, ""), await RunAsync("/bin/sh", "-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {Id}")));

    /// <summary>Waits for the end of the process and of all that it wrote, and gives its exit code.</summary>
    public async Task<int> EndAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync().WaitAsync(limit);
        return _process.ExitCode;
    }

    /// <summary>Waits for the end of the process, and kills it where that does not come.</summary>
    public async Task<int> EndOrKillAsync(TimeSpan limit)
    {
        try
        {
            return await EndAsync(limit);
        }
        catch (TimeoutException)
        {
            await KillAsync();
            throw;
        }
    }

    /// <summary>Kills the process, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Kills the process where it still runs. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line, string readyMark)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line.Contains(readyMark, StringComparison.Ordinal))
        {
            _ready.TrySetResult(line);
        }
    }
}
