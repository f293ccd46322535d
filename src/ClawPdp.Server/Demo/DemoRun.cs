using ClawPdp.Files;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ClawPdp.Server.Demo;

/// <summary>Runs the demo: provider, installation, sidecar, story; then stays up or cleans up.</summary>
internal static class DemoRun
{
    private const string AnyPort = "127.0.0.1:0";

    /// <summary>Runs the demo.</summary>
    /// <param name="directory">Where the files go and stay; <see langword="null"/> means a temporary directory.</param>
    /// <param name="isOnce">Whether to end after the last step.</param>
    /// <param name="isJson">Whether each step is a JSON object.</param>
    /// <param name="cancellation">Ends a demo that stays up.</param>
    public static async Task<int> RunAsync(string? directory, bool isOnce, bool isJson, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        await using var provider = await DemoIdentityProvider.StartAsync(time);
        var place = directory is null ? Directory.CreateTempSubdirectory("clawpdp-demo-").FullName : Claim(Path.GetFullPath(directory));
        try
        {
            var installation = DemoInstallation.Create(place, provider.Issuer, PortOr(SettingsReader.GrpcDefault, isOnce), PortOr(SettingsReader.HttpDefault, isOnce), time);
            return await ServeAsync(provider, installation, new DemoReport(isJson), time, isOnce, cancellation);
        }
        finally
        {
            if (directory is null)
            {
                Directory.Delete(place, recursive: true);
            }
        }
    }

    private static async Task<int> ServeAsync(
        DemoIdentityProvider provider,
        DemoInstallation installation,
        DemoReport report,
        TimeProvider time,
        bool isOnce,
        CancellationToken cancellation)
    {
        var settings = Input.Require(installation.ConfigPath, SettingsLoader.Load(installation.ConfigPath, new Dictionary<string, string>(StringComparer.Ordinal)));
        var app = await SidecarHost.BuildAsync(settings, time);
        try
        {
            await SidecarRun.StartAsync(app, settings);
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
            using var client = new DemoClient(addresses[0], provider.Issuer);
            report.Tell("identity provider", provider.Issuer);
            report.Tell("sidecar, gRPC", addresses[0]);
            report.Tell("sidecar, key set", addresses[1] + "/v1/jwks");
            report.Tell("files", installation.Directory);
            var story = new DemoStory(client, installation, report, time);
            await story.TellAsync();
            report.Summarise();
            if (!isOnce)
            {
                DemoInvitation.Print(provider.Issuer, addresses[0], addresses[1], installation, story.ReceiptSigner);
                await app.WaitForShutdownAsync(cancellation);
            }

            return report.AllHeld ? ExitCodes.Ok : ExitCodes.BadVerdict;
        }
        finally
        {
            await SidecarRun.StopAsync(app);
        }
    }

    // Nothing that is there already is written over: keys and tokens of a demo do not mix with anything.
    private static string Claim(string directory)
    {
        OwnerOnlyDirectory.Ensure(directory);
        return Directory.EnumerateFileSystemEntries(directory).Any() ? throw new InputException($"--dir: `{directory}` is not empty") : directory;
    }

    // The well-known port where it is free, so that commands can be pasted; any other beside a sidecar that runs already.
    private static string PortOr(string wellKnown, bool isOnce)
    {
        if (isOnce || !EndPointText.TryParse(wellKnown, out var endPoint))
        {
            return AnyPort;
        }

        try
        {
            using var probe = new System.Net.Sockets.TcpListener(endPoint);
            probe.Start();
            return wellKnown;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return AnyPort;
        }
    }
}
