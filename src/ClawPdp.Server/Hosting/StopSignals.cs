using System.Runtime.InteropServices;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Hosting;

/// <summary>Waits for SIGTERM or SIGINT; a second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    public StopSignals(IHostApplicationLifetime lifetime)
    {
        _lifetime = lifetime;
        _registration = lifetime.ApplicationStopping.Register(_stopping.SetResult);
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal)];
    }

    /// <summary>Waits until the sidecar is asked to stop.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        await using var asked = cancellation.Register(_lifetime.StopApplication);
        await _stopping.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _lifetime.StopApplication();
            return;
        }

        _ = Output.ErrorAsync("asked to stop again: ending at once, what was under way is given up; nothing that was acknowledged is lost");
        Environment.Exit(ExitCodes.Unfinished);
    }
}
