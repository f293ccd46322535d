using System.Diagnostics;
using System.Text.Json;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Doors.Hook;

/// <summary>The command as a coding agent runs it: the event on standard input, the answer on standard output and in the exit code.</summary>
public sealed class HookTests : IClassFixture<DoorSidecar>
{
    private readonly DoorSidecar _sidecar;

    public HookTests(DoorSidecar sidecar) => _sidecar = sidecar;

    [Theory]
    [InlineData("""{"hook_event_name":"PreToolUse","session_id":"s1","tool_name":"mcp__files__write","tool_input":{"title":"x"}}""", "")]
    [InlineData("""{"hook_event_name":"BeforeTool","session_id":"s1","tool_name":"github","tool_input":{}}""", "")]
    [InlineData("""{"hook_event_name":"beforeMCPExecution","conversation_id":"s1","tool_name":"MCP:files:write","tool_input":"{\"title\":\"x\"}"}""", """{"permission":"allow"}""")]
    [InlineData("""{"timestamp":1,"cwd":"/","toolName":"github","toolArgs":"{}"}""", "")]
    public async Task Hook_AnAllowedTool_LetsTheAgentGoOn(string input, string output)
    {
        var answer = await RunAsync(input);

        Assert.Equal((0, output), (answer.Code, answer.Output));
    }

    [Theory]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls"}}""", 2, "hookSpecificOutput")]
    [InlineData("""{"hook_event_name":"BeforeTool","tool_name":"run_shell_command","tool_input":{}}""", 2, "decision")]
    [InlineData("""{"hook_event_name":"beforeShellExecution","command":"ls","cwd":"/"}""", 2, "permission")]
    [InlineData("""{"hook_event_name":"beforeReadFile","file_path":"/etc/passwd","content":"x"}""", 2, "permission")]
    [InlineData("""{"toolName":"bash","toolArgs":"{\"command\":\"ls\"}"}""", 0, "permissionDecision")]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"WebFetch","tool_input":{"url":"https://evil.example/"}}""", 2, "hookSpecificOutput")]
    public async Task Hook_ADeniedTool_BlocksInTheAgentsWords(string input, int code, string member)
    {
        var answer = await RunAsync(input);

        Assert.Equal(code, answer.Code);
        Assert.True(JsonDocument.Parse(answer.Output).RootElement.TryGetProperty(member, out var said));
        Assert.Contains("deny", member is "permissionDecision" or "permission" or "decision" ? $"{said}" : answer.Output, StringComparison.Ordinal);
        Assert.Contains("TOOL_NOT_ALLOWED", answer.Output, StringComparison.Ordinal);
        Assert.Contains("TOOL_NOT_ALLOWED", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"hook_event_name":"BeforeTool","tool_name":"web_fetch","tool_input":{"prompt":"read https://evil.example/"}}""")]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"WebFetch","tool_input":{"url":["https://evil.example/"]}}""")]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"WebFetch","tool_input":{"url":"/evil"}}""")]
    public async Task Hook_AFetchThatHidesItsHost_IsDenied(string input)
    {
        var answer = await RunAsync(input.Replace("\"WebFetch\"", "\"web_fetch\"", StringComparison.Ordinal));

        Assert.Equal(2, answer.Code);
        Assert.Contains("HOST_INVALID", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"hook_event_name":"Stop"}""")]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"github"}""")]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"","tool_input":{}}""")]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"github","tool_name":"github","tool_input":{}}""")]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"github","tool_input":[]}""")]
    public async Task Hook_NoEvent_IsDenied(string input)
    {
        var answer = await RunAsync(input);

        Assert.Equal((2, ""), (answer.Code, answer.Output));
    }

    [Theory]
    [InlineData("--server", "127.0.0.1:1")]
    [InlineData("--server", "unix:/nowhere/clawpdp.sock")]
    [InlineData("--server", "not an address")]
    [InlineData("--server", "example.com:443")]
    [InlineData("--token-file", "/nowhere/cst")]
    [InlineData("--token-file", "")]
    [InlineData("--time-limit-ms", "0")]
    [InlineData("--unknown", "x")]
    public async Task Hook_WhateverGoesWrong_IsDenied(string option, string value)
    {
        var answer = await RunAsync("""{"hook_event_name":"PreToolUse","tool_name":"github","tool_input":{}}""", option, value);

        Assert.Equal(2, answer.Code);
        Assert.DoesNotContain(_sidecar.Token, answer.Output + answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hook_NothingComes_IsDeniedInTime()
    {
        var answer = await RunAsync(input: null, "--time-limit-ms", "200");

        Assert.Equal(2, answer.Code);
        Assert.Contains("CLIENT_DEADLINE", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hook_AfterATool_SignsItsReceiptOnce()
    {
        const string Done = """{"hook_event_name":"PostToolUse","session_id":"hook-run","tool_use_id":"toolu_1","tool_name":"github","tool_input":{},"tool_response":{"ok":true}}""";

        Assert.Equal(0, (await RunAsync(Done)).Code);
        Assert.Equal(0, (await RunAsync(Done)).Code);
        var denied = await RunAsync(Done.Replace("\"github\"", "\"Bash\"", StringComparison.Ordinal).Replace("toolu_1", "toolu_2", StringComparison.Ordinal));

        Assert.Equal(2, denied.Code);
        using var channel = GrpcChannel.ForAddress("http://" + _sidecar.Grpc);
        var run = await new RunService.RunServiceClient(channel).GetRunAsync(new GetRunRequest { RunId = "hook-run" });
        Assert.Equal(1u, run.Run?.ReceiptCount);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string? input, params string[] options)
    {
        var given = options is ["--server", ..] ? options : ["--server", _sidecar.Grpc, .. options];
        var arguments = options is ["--token-file", ..] ? given : ["--token-file", _sidecar.TokenPath, .. given];
        var start = new ProcessStartInfo(PublishedSidecar.Binary, ["hook", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Remove("CLAWPDP_TOKEN_FILE");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("cannot be started");
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }

        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
