using System.Diagnostics;
using System.Text.Json;
using ClawPdp.Documentation;

namespace ClawPdp.EndToEnd.Tests.Doors.Hook;

/// <summary>What docs/doors/hook.md shows, run as it stands there: the command by hand, and the settings of each agent with an event of each kind that they name.</summary>
public sealed class HookPageTests : IClassFixture<DoorSidecar>, IDisposable
{
    private readonly DoorSidecar _sidecar;
    private readonly string _home = Directory.CreateTempSubdirectory("clawpdp-hook-").FullName;

    public HookPageTests(DoorSidecar sidecar)
    {
        _sidecar = sidecar;
        if (File.Exists(_sidecar.TokenPath) && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path.Combine(_home, ".clawpdp"));
            File.Copy(_sidecar.TokenPath, Path.Combine(_home, ".clawpdp", "cst"));
            var command = Path.Combine(_home, "clawpdp");
            File.WriteAllText(command, $"#!/bin/sh\nexec '{PublishedSidecar.Binary}' \"$@\"\n");
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Page_ByHand_ShowsTheDenialAndItsExitCode()
    {
        var (_, output, error) = await RunAsync(DocumentedBlock.Read("docs/doors/hook.md sh 1"), "");

        Assert.Contains("\"permissionDecision\":\"deny\"", output, StringComparison.Ordinal);
        Assert.EndsWith("exit code 2\n", output, StringComparison.Ordinal);
        Assert.Contains("TOOL_NOT_ALLOWED", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Settings_RunForEveryEventThatTheyName()
    {
        var seen = new List<string>();
        string[] shown =
        [
            DocumentedBlock.Read("docs/doors/hook.md json 1"), DocumentedBlock.Read("docs/doors/hook.md json 2"), DocumentedBlock.Read("docs/doors/hook.md json 3"), DocumentedBlock.Read("docs/doors/hook.md json 4"),
        ];
        foreach (var settings in shown.Select(static text => JsonDocument.Parse(text).RootElement))
        {
            foreach (var hook in settings.GetProperty("hooks").EnumerateObject())
            {
                var command = CommandOf(hook.Value[0]);
                var isCopilot = hook.Value[0].TryGetProperty("bash", out _);

                var denied = await RunAsync(command, EventOf(hook.Name, "Bash", isCopilot));
                var allowed = await RunAsync(command, EventOf(hook.Name, "github", isCopilot));

                Assert.Contains("TOOL_NOT_ALLOWED", denied.Error, StringComparison.Ordinal);
                Assert.Equal(isCopilot ? 0 : 2, denied.Code);
                Assert.True(allowed.Code == (hook.Name is "beforeShellExecution" or "beforeReadFile" ? 2 : 0), hook.Name + allowed.Error);
                seen.Add((isCopilot ? "copilot " : "") + hook.Name);
            }
        }

        Assert.Equal(["PreToolUse", "PostToolUse", "BeforeTool", "AfterTool", "beforeShellExecution", "beforeMCPExecution", "beforeReadFile", "copilot preToolUse"], seen);
    }

    private static string CommandOf(JsonElement hook)
    {
        var inner = hook.TryGetProperty("hooks", out var list) ? list[0] : hook;
        return (inner.TryGetProperty("command", out var command) || inner.TryGetProperty("bash", out command) ? command.GetString() : null) ?? throw new InvalidOperationException("no command");
    }

    private static string EventOf(string name, string tool, bool isCopilot) => isCopilot
        ? $$"""{"timestamp":1,"cwd":"/","toolName":"{{tool}}","toolArgs":"{}"}"""
        : $$$"""{"hook_event_name":"{{{name}}}","session_id":"page","tool_use_id":"{{{name}}}","tool_name":"{{{tool}}}","tool_input":{},"tool_response":{},"command":"ls","cwd":"/","file_path":"/x"}""";

    private async Task<(int Code, string Output, string Error)> RunAsync(string script, string input)
    {
        var start = new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Assert.NotEmpty(PublishedSidecar.Binary);
        start.Environment["HOME"] = _home;
        start.Environment["PATH"] = $"{_home}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["CLAWPDP_ADDRESS"] = _sidecar.Grpc;
        start.Environment["CLAWPDP_TOKEN_FILE"] = Path.Combine(_home, ".clawpdp", "cst");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("cannot be started");
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
