using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests;

/// <summary>A binary that serves the configuration of a test, in the place of the host in the test's own process: what the doors' tests hold of the code they also hold of what is shipped.</summary>
internal sealed class PublishedProcess : IAsyncDisposable
{
    private const string ReadyMark = "listening for gRPC on ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private PublishedProcess(Process process, string[] addresses)
    {
        _process = process;
        Addresses = addresses;
    }

    /// <summary>Gets the binary that the tests are asked to run against; <see langword="null"/> for none.</summary>
    public static string? Binary => Environment.GetEnvironmentVariable("SUITE_DOORS");

    /// <summary>Gets where it listens, in the order of the settings.</summary>
    public string[] Addresses { get; }

    /// <summary>Writes what a test changed of the settings into the configuration that they were read from.</summary>
    public static void Configure(string path, ServerSettings settings)
    {
        var root = JsonNode.Parse(File.ReadAllText(path))?.AsObject() ?? throw new InvalidOperationException("no configuration");
        root["decision_log"] = settings.DecisionLog is DecisionLogMode.Durable ? "durable" : "asynchronous";
        root["limits"] = new JsonObject
        {
            ["calls"] = settings.Limits.CallsMax,
            ["peer_calls"] = settings.Limits.PeerCallsMax,
            ["token_calls"] = settings.Limits.TokenCallsMax,
        };
        root["shutdown_seconds"] = (int)settings.ShutdownTimeout.TotalSeconds;
        // A second is the least that a file can say.
        root["reload_interval_seconds"] = Math.Max(1, (int)settings.ReloadInterval.TotalSeconds);
        root["log_level"] = "information";
        if (root["issuance"] is JsonObject issuance)
        {
            issuance["allow_control_scopes"] = settings.Issuance.AllowControlScopes;
        }

        if (root["policy"] is JsonObject policy && settings.Policy.Approvers is { IsDefaultOrEmpty: false } approvers)
        {
            policy["approvers"] = new JsonArray([.. approvers.Select(static approver => JsonValue.Create(approver))]);
        }

        File.WriteAllText(path, root.ToJsonString());
    }

    /// <summary>Starts a binary and waits until it listens.</summary>
    public static async Task<PublishedProcess> StartAsync(string binary, string configuration)
    {
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo(binary, ["serve", "--config", configuration]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"{binary} ended before it listened"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            var line = await ready.Task.WaitAsync(Patience);
            return new PublishedProcess(process, line[(line.IndexOf(ReadyMark, StringComparison.Ordinal) + ReadyMark.Length)..].Split(", "));
        }
        catch
        {
            await EndAsync(process);
            throw;
        }

        void Take(string? line)
        {
            if (line?.Contains(ReadyMark, StringComparison.Ordinal) is true)
            {
                ready.TrySetResult(line);
            }
        }
    }

    /// <summary>Asks it to stop, and says whether all that was under way is done.</summary>
    public async Task<bool> StopAsync()
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {_process.Id}")]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode == 0;
    }

    /// <summary>Stops it as an operator would, and kills it only where that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
            {
                await StopAsync();
            }
        }
        finally
        {
            await EndAsync(_process);
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
