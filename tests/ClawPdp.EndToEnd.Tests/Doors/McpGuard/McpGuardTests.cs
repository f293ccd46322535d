using System.Text.Json;
using System.Text.RegularExpressions;
using ClawPdp.Documentation;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Doors.McpGuard;

/// <summary>The guard as docs/doors/mcp-guard.md starts it, before public MCP servers, asked by the public MCP client library.</summary>
public sealed partial class McpGuardTests : IClassFixture<DoorSidecar>
{
    private static readonly string[] Configurations = [DocumentedBlock.Read("docs/doors/mcp-guard.md json 1"), DocumentedBlock.Read("docs/doors/mcp-guard.md json 2")];
    private static readonly string[] Commands = [DocumentedBlock.Read("docs/doors/mcp-guard.md sh 1"), DocumentedBlock.Read("docs/doors/mcp-guard.md sh 2")];

    private readonly DoorSidecar _sidecar;

    public McpGuardTests(DoorSidecar sidecar) => _sidecar = sidecar;

    private static string Folder => Path.Combine(Conformance.ExpectedRows.Protos, "..", "tests", "ClawPdp.EndToEnd.Tests", "Doors", "McpGuard");

    [Fact]
    public async Task Guard_ARealServerAndClient_ShowsAndCallsWhatIsAllowed()
    {
        var server = Path.Combine(PublishedSidecar.Providers, "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");
        var command = CommandOf("-- npx", "mcp-run");

        var seen = await RunClientAsync([PublishedSidecar.Binary, .. command[..(command.IndexOf("--") + 1)], "node", server, "stdio"]);

        AssertGuarded(seen);
        await AssertReceiptsAsync("mcp-run", 2);
    }

    [Fact]
    public void Page_Configuration_IsTheCommand()
    {
        var servers = Configurations.Select(static text => JsonDocument.Parse(text).RootElement.GetProperty("mcpServers").GetProperty("files")).ToArray();
        var arguments = servers[0].GetProperty("args").EnumerateArray().Select(static item => item.GetString() ?? "").ToArray();
        var command = WordsOf("-- npx");

        Assert.Equal("clawpdp", servers[0].GetProperty("command").GetString());
        Assert.Equal(command, arguments.Select(static word => word == "/run/agent/cst" ? "cst.txt" : word));
        Assert.Equal($"http://{WordsOf("--upstream")[^3]}/mcp", servers[1].GetProperty("url").GetString());
        Assert.Equal("http", servers[1].GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("events")]
    [InlineData("json")]
    [InlineData("stateless")]
    public async Task HttpGuard_ARealServerAndClient_ShowsAndCallsWhatIsAllowed(string mode)
    {
        var run = "mcp-http-" + mode;
        var (server, ready) = await ChildProcess.StartAsync("node", [Path.Combine(Folder, "http-server.mjs"), mode], "listening on");
        await using var serving = server;
        var upstream = Address().Match(ready).Value;
        var (guard, line) = await ChildProcess.StartAsync(
            PublishedSidecar.Binary,
            CommandOf("--upstream", run).Select(word => word switch
            {
                "127.0.0.1:8931" => "127.0.0.1:0",
                "http://127.0.0.1:8932/mcp" => upstream,
                _ => word,
            }),
            "listening on");
        await using var guarding = guard;

        var seen = await RunClientAsync([Address().Match(line).Value]);

        AssertGuarded(seen);
        Assert.Equal((mode != "stateless", "over-http"), (seen.GetProperty("session").GetBoolean(), seen.GetProperty("server").GetString()));
        await AssertReceiptsAsync(run, 2);
    }

    [Theory]
    [InlineData("--listen", "0.0.0.0:8931")]
    [InlineData("--listen", "localhost:8931")]
    [InlineData("--upstream", "ftp://127.0.0.1/mcp")]
    [InlineData("--upstream", "http://user:secret@127.0.0.1/mcp")]
    [InlineData("--upstream", "/mcp")]
    public async Task HttpGuard_AnOptionThatIsWrong_DoesNotStart(string option, string value)
    {
        var words = CommandOf("--upstream", "mcp-wrong");
        words[words.IndexOf(option) + 1] = value;

        var (code, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, [.. words]);

        Assert.True(code == 64, output);
        Assert.Contains(option, output, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> RunClientAsync(string[] arguments)
    {
        var (code, output) = await ChildProcess.RunAsync("node", [Path.Combine(Folder, "client.mjs"), .. arguments]);

        Assert.True(code == 0, output);
        return JsonDocument.Parse(output.Split('\n').Last(static line => line.StartsWith('{'))).RootElement;
    }

    private static void AssertGuarded(JsonElement seen)
    {
        Assert.Equal(["echo"], seen.GetProperty("tools").EnumerateArray().Select(static name => name.GetString()));
        Assert.Contains("hello", seen.GetProperty("echo").GetProperty("result").ToString(), StringComparison.Ordinal);
        Assert.Contains("leave", seen.GetProperty("leave").GetProperty("result").ToString(), StringComparison.Ordinal);
        Assert.Equal(-32001, seen.GetProperty("sum").GetProperty("code").GetInt32());
        Assert.Equal("TOOL_NOT_ALLOWED", seen.GetProperty("sum").GetProperty("data").GetProperty("reason").GetString());
        Assert.Equal(-32001, seen.GetProperty("resources").GetProperty("code").GetInt32());
    }

    // The words of the one command of the page that holds a text.
    private static List<string> WordsOf(string mark) =>
        [.. Assert.Single(Commands.SelectMany(static text => text.Split('\n')), line => line.Contains(mark, StringComparison.Ordinal)).Split(' ')[1..]];

    // The page's command for the token and the sidecar of the test, whose policies know the server by another name.
    private List<string> CommandOf(string mark, string run)
    {
        var words = WordsOf(mark);
        words[words.IndexOf("files")] = "everything";
        words[words.IndexOf("cst.txt")] = _sidecar.TokenPath;
        words.InsertRange(1, ["--server", _sidecar.Grpc, "--run", run]);
        return words;
    }

    private async Task AssertReceiptsAsync(string id, uint count)
    {
        using var channel = GrpcChannel.ForAddress("http://" + _sidecar.Grpc);
        var run = await new RunService.RunServiceClient(channel).GetRunAsync(new GetRunRequest { RunId = id });
        Assert.Equal(count, run.Run?.ReceiptCount);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/mcp", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
