namespace ClawPdp.EndToEnd.Tests.Conformance;

/// <summary>Builds and runs the client programs of other languages.</summary>
internal static class ClientProgram
{
    // A first build of gRPC for Go compiles some hundred packages.
    private static readonly TimeSpan LimitMax = TimeSpan.FromMinutes(5);

    private static string Clients => Path.Combine(ExpectedRows.Folder, "clients");

    private static string[] Protos => ["clawpdp/v1/decision_service.proto", "clawpdp/v1/reason.proto"];

    /// <summary>Runs the calls that no stock client makes.</summary>
    public static Task<IReadOnlyList<CallRow>> RunRawAsync(ConformanceSidecar sidecar) =>
        CallAsync(Tool("SUITE_PYTHON"), [Path.Combine(Clients, "raw_streams.py"), sidecar.Address, sidecar.TokenPath]);

    /// <summary>Makes stubs for Python and runs grpcio with them.</summary>
    public static async Task<IReadOnlyList<CallRow>> RunPythonAsync(ConformanceSidecar sidecar)
    {
        var python = Tool("SUITE_PYTHON");
        var stubs = Directory.CreateDirectory(Path.Combine(sidecar.Workshop, "python")).FullName;
        await RunAsync(Tool("SUITE_PROTOC"), ["-I", ExpectedRows.Protos, $"--python_out={stubs}", $"--grpc_python_out={stubs}", "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin", .. Protos]);
        return await CallAsync(python, [Path.Combine(Clients, "stock_client.py"), sidecar.Address, sidecar.SocketPath, sidecar.TokenPath], KeyValuePair.Create("PYTHONPATH", stubs));
    }

    /// <summary>Runs grpc-js, which reads the protos itself.</summary>
    public static Task<IReadOnlyList<CallRow>> RunNodeAsync(ConformanceSidecar sidecar) =>
        CallAsync("node", [Path.Combine(Clients, "stock_client.mjs"), sidecar.Address, sidecar.SocketPath, sidecar.TokenPath, ExpectedRows.Protos, PublishedSidecar.Providers]);

    /// <summary>Makes stubs for Go, builds the client against the system's packages and runs it.</summary>
    public static async Task<IReadOnlyList<CallRow>> RunGoAsync(ConformanceSidecar sidecar)
    {
        var go = Tool("SUITE_GO");
        var root = Path.Combine(sidecar.Workshop, "go");
        var program = Directory.CreateDirectory(Path.Combine(root, "src", "stock_client")).FullName;
        await RunAsync(Tool("SUITE_PROTOC"), ["-I", ExpectedRows.Protos, $"--go_out={root}/src", $"--go-grpc_out={root}/src", .. Protos]);
        File.Copy(Path.Combine(Clients, "stock_client.go"), Path.Combine(program, "main.go"));
        KeyValuePair<string, string>[] environment =
        [
            KeyValuePair.Create("GO111MODULE", "off"), KeyValuePair.Create("GOPATH", root + ":/usr/share/gocode"), KeyValuePair.Create("CGO_ENABLED", "0"), KeyValuePair.Create("GOFLAGS", ""),
        ];
        await RunAsync(go, ["build", "-o", Path.Combine(root, "client"), "stock_client"], environment);
        return await CallAsync(Path.Combine(root, "client"), [sidecar.Address, sidecar.SocketPath, sidecar.TokenPath]);
    }

    private static async Task<IReadOnlyList<CallRow>> CallAsync(string program, string[] arguments, params KeyValuePair<string, string>[] environment)
    {
        var output = await RunAsync(program, arguments, environment);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line[0] == '{').Select(CallRow.Parse)];
    }

    internal static async Task<string> RunAsync(string program, string[] arguments, params KeyValuePair<string, string>[] environment)
    {
        await using var process = ChildProcess.Launch(program, arguments, "\0", environment);
        var code = await process.EndOrKillAsync(LimitMax);
        Assert.True(code == 0, process.Output);
        return process.Output;
    }

    internal static string Tool(string variable)
    {
        var path = Environment.GetEnvironmentVariable(variable);
        Assert.SkipUnless(path is not null && File.Exists(path), $"{variable} names no program; ./test.sh installs one");
        return path ?? "";
    }
}
