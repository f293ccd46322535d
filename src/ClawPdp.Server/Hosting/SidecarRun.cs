using ClawPdp.Ledger;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ClawPdp.Server.Hosting;

/// <summary>Runs a built sidecar from listening to the last record on disk.</summary>
internal static class SidecarRun
{
    private const int ClosingParts = 5;

    private static readonly TimeSpan ClosingMax = TimeSpan.FromSeconds(2);

    // How long connections stay after their streams ended.
    private static readonly TimeSpan StreamEndGrace = TimeSpan.FromMilliseconds(250);

    /// <summary>Gives how long connections and services may take to close when the sidecar stops and its calls are done; the ledger may take as long again.</summary>
    public static TimeSpan ClosingTimeout(ServerSettings settings)
    {
        var part = settings.ShutdownTimeout / ClosingParts;
        return part < ClosingMax ? part : ClosingMax;
    }

    /// <summary>Starts listening.</summary>
    /// <exception cref="StartFaultException">An address or path is taken.</exception>
    public static async Task StartAsync(WebApplication app, ServerSettings settings)
    {
        SidecarListeners.ClearStaleSockets(settings.Listen);
        try
        {
            await app.StartAsync();
        }
        catch (IOException exception)
        {
            throw new StartFaultException($"/listen: {exception.Message}", exception);
        }

        SidecarListeners.OpenSockets(settings.Listen);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Log.Listening(app.Logger, string.Join(", ", addresses), settings.DataDirectory);
    }

    /// <summary>Stops listening, finishes what is under way and closes the ledger, in the time that the settings give.</summary>
    /// <returns>Whether all that was under way is done.</returns>
    public static async Task<bool> StopAsync(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        var calls = app.Services.GetRequiredService<OpenCalls>();

        // The container did not make the ledger and does not close it; until the last call is done it may be written to.
        var ledger = app.Services.GetRequiredService<LedgerStore>();
        var (callCount, streamCount) = (calls.CallCount, calls.StreamCount);
        Log.Stopping(app.Logger, callCount, streamCount, settings.ShutdownTimeout.TotalSeconds);
        // While the connections are still there: callers hear how their calls ended, and new calls why there is no answer.
        app.Lifetime.StopApplication();
        var begin = TimeProvider.System.GetTimestamp();
        var isDrained = await calls.DrainAsync(settings.ShutdownTimeout - (2 * ClosingTimeout(settings)));
        if (streamCount > 0)
        {
            // A client that is told how its stream ended and that its connection is gone in one moment may take the one for the other.
            await Task.Delay(StreamEndGrace, TimeProvider.System);
        }

        var leftCount = calls.CallCount;
        var closing = CloseAsync(app, ledger);
        var isInTime = await EndsWithinAsync(closing, settings.ShutdownTimeout - TimeProvider.System.GetElapsedTime(begin));
        var health = ledger.Health;
        var isDone = isDrained && isInTime && await closing && health.QueueLength == 0;
        if (isDone)
        {
            Log.Stopped(app.Logger, callCount, streamCount, health.RecordCount);
        }
        else
        {
            Log.StoppedEarly(app.Logger, leftCount, health.QueueLength);
        }

        if (isInTime)
        {
            await app.DisposeAsync();
        }
        else
        {
            // What is still under way is left alone, but its lines must not be lost.
            app.Services.GetRequiredService<ILoggerFactory>().Dispose();
        }

        return isDone;
    }

    private static async Task<bool> CloseAsync(WebApplication app, LedgerStore ledger)
    {
        var isStopped = true;
        try
        {
            await app.StopAsync();
        }
        catch (OperationCanceledException)
        {
            isStopped = false;
        }

        await ledger.DisposeAsync();
        return isStopped;
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan timeout)
    {
        try
        {
            await task.WaitAsync(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
