using ClawPdp.EndToEnd.Tests.Conformance;

namespace ClawPdp.EndToEnd.Tests.Doors.ExtMcp;

/// <summary>A client of another make, with stubs that protoc made of the protos.</summary>
public sealed class ExtMcpClientTests : IClassFixture<DoorSidecar>, IDisposable
{
    private const string Proto = "agentgateway/dev/ext_mcp/ext_mcp.proto";

    private static readonly string[] Cases = ["allowed", "not_allowed", "other_acts", "no_token", "digest", "session", "unknown", "filtered", "numbers"];

    private readonly DoorSidecar _sidecar;
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;

    public ExtMcpClientTests(DoorSidecar sidecar) => _sidecar = sidecar;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Check_ByStubsOfAnotherMake_IsAnsweredAsTheGatewayReadsIt()
    {
        Assert.True(File.Exists(PublishedSidecar.Binary));
        await ClientProgram.RunAsync(
            ClientProgram.Tool("SUITE_PROTOC"), ["-I", ExpectedRows.Protos, $"--python_out={_folder}", $"--grpc_python_out={_folder}", "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin", Proto]);

        var holds = await ClientProgram.RunAsync(
            ClientProgram.Tool("SUITE_PYTHON"),
            [Path.Combine(ExpectedRows.Folder, "..", "Doors", "ExtMcp", "ext_mcp_client.py"), _sidecar.Grpc, _sidecar.TokenPath],
            KeyValuePair.Create("PYTHONPATH", _folder));

        Assert.Equal(Cases.Select(static name => "holds " + name), holds.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
