using ClawPdp.Ledger;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ClawPdp.Server.Hosting;

/// <summary>Runs a built sidecar from listening to the last record on disk.</summary>
internal static class SidecarRun
{
    /// <summary>Starts listening.</summary>
    /// <exception cref="StartFaultException">An address or path is taken.</exception>
    public static async Task StartAsync(WebApplication app, ServerSettings settings)
    {
        SidecarListeners.ClearStaleSocket(settings.Listen);
        try
        {
            await app.StartAsync();
        }
        catch (IOException exception)
        {
            throw new StartFaultException($"/listen: {exception.Message}", exception);
        }

        SidecarListeners.OpenSocket(settings.Listen);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Log.Listening(app.Logger, string.Join(", ", addresses), settings.DataDirectory);
    }

    /// <summary>Stops listening, finishes what is under way and closes the ledger.</summary>
    public static async Task StopAsync(WebApplication app)
    {
        Log.Stopping(app.Logger);
        // The container did not make the ledger and does not close it; everything else may still write to it until it is gone.
        var ledger = app.Services.GetRequiredService<LedgerStore>();
        await app.StopAsync();
        await app.DisposeAsync();
        await ledger.DisposeAsync();
    }
}
