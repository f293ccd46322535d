using System.Text.Json;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Doors.McpGuard;

/// <summary>The guard before a public MCP server, asked by the public MCP client library.</summary>
public sealed class McpGuardTests : IClassFixture<DoorSidecar>
{
    private readonly DoorSidecar _sidecar;

    public McpGuardTests(DoorSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public async Task Guard_ARealServerAndClient_ShowsAndCallsWhatIsAllowed()
    {
        var (binary, providers) = (PublishedSidecar.Binary, PublishedSidecar.Providers);
        var script = Path.Combine(Conformance.ExpectedRows.Protos, "..", "tests", "ClawPdp.EndToEnd.Tests", "Doors", "McpGuard", "client.mjs");
        var server = Path.Combine(providers, "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

        var (code, output) = await ChildProcess.RunAsync(
            "node",
            [script, binary, "mcp-guard", "--name", "everything", "--token-file", _sidecar.TokenPath, "--server", _sidecar.Grpc, "--run", "mcp-run", "--", "node", server, "stdio"]);

        Assert.True(code == 0, output);
        var seen = JsonDocument.Parse(output.Split('\n').Last(static line => line.StartsWith('{'))).RootElement;
        Assert.Equal(["echo"], seen.GetProperty("tools").EnumerateArray().Select(static name => name.GetString()));
        Assert.Contains("hello", seen.GetProperty("echo").GetProperty("result").ToString(), StringComparison.Ordinal);
        Assert.Equal(-32001, seen.GetProperty("sum").GetProperty("code").GetInt32());
        Assert.Equal("TOOL_NOT_ALLOWED", seen.GetProperty("sum").GetProperty("data").GetProperty("reason").GetString());
        Assert.Equal(-32001, seen.GetProperty("resources").GetProperty("code").GetInt32());

        using var channel = GrpcChannel.ForAddress("http://" + _sidecar.Grpc);
        var run = await new RunService.RunServiceClient(channel).GetRunAsync(new GetRunRequest { RunId = "mcp-run" });
        Assert.Equal(1u, run.Run?.ReceiptCount);
    }
}
