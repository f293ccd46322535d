using System.CommandLine;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Time;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp serve</c>: runs the sidecar until SIGTERM or SIGINT.</summary>
internal static class ServeCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "serve";

    private const string ConfigDefault = "clawpdp.json";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var config = new Option<string>("--config")
        {
            Description = $"the configuration file; ${EnvironmentOverlay.ConfigPathVariable} or {ConfigDefault} when absent",
            HelpName = "FILE",
        };
        var command = new Command(Name, "Run the sidecar") { config };
        command.SetAction((parsed, cancellation) => ServeAsync(parsed.GetValue(config), cancellation));
        return command;
    }

    private static async Task<int> ServeAsync(string? option, CancellationToken cancellation)
    {
        NativeHeap.BoundArenas();
        var path = option ?? Environment.GetEnvironmentVariable(EnvironmentOverlay.ConfigPathVariable) ?? ConfigDefault;
        var loaded = SettingsLoader.Load(path, Environment.GetEnvironmentVariables());
        if (!loaded.TryGet(out var settings))
        {
            throw new StartFaultException([.. loaded.Faults.Select(fault => FaultText.Write(path, fault))]);
        }

        var app = await SidecarHost.BuildAsync(settings, new SteadyTime(TimeProvider.System));
        var isDone = false;
        using var signals = new StopSignals(app.Lifetime);
        try
        {
            await SidecarRun.StartAsync(app, settings);
            ReadyNotice.Send(ReadyNotice.Ready);
            await signals.WaitAsync(cancellation);
        }
        finally
        {
            ReadyNotice.Send(ReadyNotice.Stopping);
            isDone = await SidecarRun.StopAsync(app);
        }

        return isDone ? ExitCodes.Ok : ExitCodes.Unfinished;
    }
}
