using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Server.Overview;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp status</c>: how a running sidecar is, on one screen.</summary>
internal static class StatusCommand
{
    private const int SizeMaxBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var http = new Option<string>("--http")
        {
            Description = "the sidecar's HTTP address",
            HelpName = "URL",
            DefaultValueFactory = static _ => "http://" + SettingsReader.HttpDefault,
        };
        var watch = new Option<bool>("--watch") { Description = "show it again and again until interrupted, with rates" };
        var interval = new Option<int>("--interval") { Description = "seconds between two looks", HelpName = "SECONDS", DefaultValueFactory = static _ => 2 }.Within(1, 3600);
        var json = CommonOptions.Json();
        var command = new Command("status", "Show how a running sidecar is: health, decisions, policy, keys, ledger; exits with 1 when a part does not serve") { http, watch, interval, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(http) ?? "",
            parsed.GetValue(watch) ? TimeSpan.FromSeconds(parsed.GetValue(interval)) : null,
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string address, TimeSpan? interval, bool isJson, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/metrics", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new InputException($"--http: `{address}` is no address such as http://127.0.0.1:7081");
        }

        using var client = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = SizeMaxBytes };
        var reading = await ReadAsync(client, url, cancellation);
        var report = new StatusReport(reading, TimeProvider.System.GetUtcNow());
        Show(report, isJson);
        var isHealthy = interval is { } pause
            ? await WatchAsync(client, url, reading, pause, isJson, cancellation) ?? report.IsHealthy
            : report.IsHealthy;
        return isHealthy ? ExitCodes.Ok : ExitCodes.BadVerdict;
    }

    // Gives how it was at last; null when there was no second look. A sidecar that is restarted is waited for.
    private static async Task<bool?> WatchAsync(HttpClient client, Uri url, MetricsReading first, TimeSpan pause, bool isJson, CancellationToken cancellation)
    {
        var (before, beforeAt) = ((MetricsReading?)first, TimeProvider.System.GetTimestamp());
        bool? isHealthy = null;
        using var timer = new PeriodicTimer(pause, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                try
                {
                    var reading = await ReadAsync(client, url, cancellation);
                    var at = TimeProvider.System.GetTimestamp();
                    var report = new StatusReport(reading, TimeProvider.System.GetUtcNow(), before, TimeProvider.System.GetElapsedTime(beforeAt, at));
                    (before, beforeAt, isHealthy) = (reading, at, report.IsHealthy);
                    Clear(isJson);
                    Show(report, isJson);
                }
                catch (InputException failure)
                {
                    (before, isHealthy) = (null, false);
                    Clear(isJson);
                    await Output.ErrorAsync(failure.Message);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Interrupted, as it should end.
        }

        return isHealthy;
    }

    private static async Task<MetricsReading> ReadAsync(HttpClient client, Uri url, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(url, cancellation);
            return response.IsSuccessStatusCode
                ? MetricsReading.Parse(await response.Content.ReadAsStringAsync(cancellation))
                : throw new InputException($"{url}: {(int)response.StatusCode}: is it a sidecar's HTTP port, and /telemetry/prometheus not false?");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new InputException($"{url}: no answer: does the sidecar run, and is its HTTP port on (/listen/http)?", failure);
        }
    }

    private static void Clear(bool isJson)
    {
        if (!isJson)
        {
            Output.ClearTerminal();
        }
    }

    private static void Show(StatusReport report, bool isJson)
    {
        if (isJson)
        {
            var json = new JsonObjectBuilder().Add("healthy", JsonValue.Of(report.IsHealthy));
            foreach (var (name, value) in report.Lines())
            {
                json.Add(name.Replace(' ', '_'), value);
            }

            Output.Json(json.Build());
            return;
        }

        foreach (var (name, value) in report.Lines().Where(static line => line.Value.Length > 0))
        {
            // What does not serve stands in capitals.
            var colour = value.Contains("NOT SERVING", StringComparison.Ordinal) || value.Contains("TAKES NO", StringComparison.Ordinal) || value.Contains("NO USABLE", StringComparison.Ordinal) || value.Contains("DOES NOT ANSWER", StringComparison.Ordinal) ? "red" : "default";
            foreach (var line in StatusLayout.Lines(name, value, Output.Width))
            {
                Output.Coloured(line, colour);
            }
        }
    }
}
