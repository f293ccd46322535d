using System.Globalization;

namespace ClawPdp.EndToEnd.Tests.Conformance;

/// <summary>One published binary that all conformance tests call, with a TCP and a Unix socket, and the runs of the client programs against it.</summary>
public sealed class ConformanceSidecar : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
    private readonly Dictionary<string, Task<IReadOnlyList<CallRow>>> _runs = new(StringComparer.Ordinal);
    private readonly Lock _starting = new();
    private LocalIssuer? _issuer;
    private ChildProcess? _process;
    private Task? _started;

    /// <summary>Gets host and port of gRPC.</summary>
    internal string Address { get; private set; } = "";

    internal string SocketPath => Path.Combine(_folder, "grpc.sock");

    internal string TokenPath => Path.Combine(_folder, "alice.cst");

    /// <summary>Gets a folder for what the clients are built from.</summary>
    internal string Workshop => Path.Combine(_folder, "clients");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_issuer is not null)
        {
            await _issuer.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Gives what the calls of a client came to; the client runs once for all tests.</summary>
    internal async Task<IReadOnlyList<CallRow>> RunOnceAsync(string client, Func<ConformanceSidecar, Task<IReadOnlyList<CallRow>>> call)
    {
        Task<IReadOnlyList<CallRow>>? run;
        var binary = PublishedSidecar.Binary;
        lock (_starting)
        {
            _started ??= StartAsync(binary);
            if (!_runs.TryGetValue(client, out run))
            {
                _runs[client] = run = AfterAsync(_started, call);
            }
        }

        return await run;
    }

    private async Task<IReadOnlyList<CallRow>> AfterAsync(Task started, Func<ConformanceSidecar, Task<IReadOnlyList<CallRow>>> call)
    {
        await started;
        return await call(this);
    }

    private async Task StartAsync(string binary)
    {
        _issuer = new LocalIssuer();
        Directory.CreateDirectory(Workshop);
        await File.WriteAllTextAsync(Path.Combine(_folder, "mapping.json"), $$"""
            { "scope_mappings": [
              { "okta_group": "{{LocalIssuer.Group}}", "cst_claims": { "allowed_tools": ["github"], "max_ttl_seconds": 3600 } } ] }
            """);
        var config = Path.Combine(_folder, "clawpdp.json");
        await File.WriteAllTextAsync(config, string.Create(CultureInfo.InvariantCulture, $$"""
            { "data_directory": "data", "audiences": ["clawpdp"], "listen": { "grpc": "127.0.0.1:0", "http": null, "unix_socket": "{{SocketPath}}", "plaintext_loopback_admin": true },
              "issuers": [{ "issuer": "{{_issuer.Url}}", "client_ids": ["clawpdp-agent"], "fetch_timeout_seconds": 30 }],
              "issuance": { "scope_mapping_file": "mapping.json" } }
            """));
        (_process, var line) = await ChildProcess.StartAsync(binary, ["serve", "--config", config], SidecarHome.ReadyMark);
        Address = line[line.IndexOf("127.0.0.1:", StringComparison.Ordinal)..].Split(',')[0];
        await File.WriteAllTextAsync(TokenPath, await CSharpClient.IssueAsync(Address, _issuer.Mint()));
    }
}
