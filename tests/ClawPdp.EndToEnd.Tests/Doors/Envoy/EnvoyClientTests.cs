using ClawPdp.EndToEnd.Tests.Conformance;

namespace ClawPdp.EndToEnd.Tests.Doors.Envoy;

/// <summary>Envoy's own protos, as a package of others carries them: their stubs ask, and our subset of them is theirs.</summary>
public sealed class EnvoyClientTests : IClassFixture<DoorSidecar>, IDisposable
{
    private static readonly string[] Cases =
        ["allowed", "bearer", "not_allowed", "no_token", "malformed", "raw_headers", "operator", "upstreams_own_authorization", "numbers"];

    private static readonly string[] Roots = ["envoy-api", "xds", "googleapis", "protoc-gen-validate"];

    private readonly DoorSidecar _sidecar;
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;

    public EnvoyClientTests(DoorSidecar sidecar) => _sidecar = sidecar;

    private static string Here => Path.Combine(ExpectedRows.Folder, "..", "Doors", "Envoy");

    private static string[] Originals
    {
        get
        {
            var packages = Path.Combine(PublishedSidecar.Providers, "node_modules", "@grpc", "grpc-js-xds", "deps");
            return [.. Roots.SelectMany(name => new[] { "-I", Path.Combine(packages, name) })];
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Check_ByStubsOfEnvoysOwnProtos_IsAnsweredAsEnvoyReadsIt()
    {
        Assert.True(File.Exists(PublishedSidecar.Binary));
        var protoc = ClientProgram.Tool("SUITE_PROTOC");
        var output = await ClientProgram.RunAsync("/bin/sh", ["-c", MakeStubs, "sh", _folder, protoc, .. Originals]);
        Assert.DoesNotContain("rror", output, StringComparison.Ordinal);

        var holds = await ClientProgram.RunAsync(
            ClientProgram.Tool("SUITE_PYTHON"), [Path.Combine(Here, "envoy_client.py"), _sidecar.Grpc, _sidecar.TokenPath], KeyValuePair.Create("PYTHONPATH", _folder));

        Assert.Equal(Cases.Select(static name => "holds " + name), holds.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Protos_OurSubset_IsEnvoysOwn()
    {
        var protoc = ClientProgram.Tool("SUITE_PROTOC");
        string[] set = ["--include_imports", "envoy/service/auth/v3/external_auth.proto"];
        await ClientProgram.RunAsync(protoc, ["-I", ExpectedRows.Protos, $"--descriptor_set_out={_folder}/ours", .. set]);
        await ClientProgram.RunAsync(protoc, [.. Originals, $"--descriptor_set_out={_folder}/theirs", .. set]);

        var output = await ClientProgram.RunAsync(ClientProgram.Tool("SUITE_PYTHON"), [Path.Combine(Here, "same_wire.py"), $"{_folder}/ours", $"{_folder}/theirs"]);

        Assert.StartsWith("same ", output, StringComparison.Ordinal);
    }

    // The stubs need those of every file that is imported.
    private const string MakeStubs = """
        out=$1; protoc=$2; shift 2
        "$protoc" "$@" --include_imports --descriptor_set_out="$out/all" envoy/service/auth/v3/external_auth.proto
        files=$(grep -aoE '(envoy|udpa|xds|validate|google/rpc)/[a-z0-9_/]*\.proto' "$out/all" | sort -u)
        "$protoc" "$@" --python_out="$out" --grpc_python_out="$out" --plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin $files
        """;
}
