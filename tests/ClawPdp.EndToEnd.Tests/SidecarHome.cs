using System.Globalization;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>A configuration, its data directory and an identity provider, which outlive the processes that serve them.</summary>
internal sealed class SidecarHome : IAsyncDisposable
{
    /// <summary>The line that ends the start.</summary>
    public const string ReadyMark = "listening for gRPC";

    private readonly LocalIssuer _issuer = new();

    private readonly string _more;
    private readonly string _listeners;

    /// <param name="isDurable">Whether decisions are recorded before they are answered.</param>
    /// <param name="more">Further members of the configuration, each after a comma.</param>
    /// <param name="listeners">Listeners beside the one for gRPC, with commas between them.</param>
    public SidecarHome(bool isDurable = false, string more = "", string listeners = "")
    {
        _more = more;
        _listeners = listeners;
        Folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
        Disk = Path.Combine(Folder, "disk");
        Directory.CreateDirectory(Disk);
        File.WriteAllText(Path.Combine(Folder, "mapping.json"), $$"""
            { "scope_mappings": [
              { "okta_group": "{{LocalIssuer.Group}}", "cst_claims": { "allowed_tools": ["github"], "max_ttl_seconds": 3600 } } ] }
            """);
        Configure(isDurable);
    }

    public string Folder { get; }

    /// <summary>Gets where a test may mount a file system before the first start.</summary>
    public string Disk { get; }

    public string Data => Path.Combine(Disk, "data");

    public string Ledger => Path.Combine(Data, "ledger.db");

    public string Log => Path.Combine(Data, "log");

    public string ConfigPath => Path.Combine(Folder, "clawpdp.json");

    /// <summary>Gets the command line that serves.</summary>
    public string[] ServeArguments => ["serve", "--config", ConfigPath];

    /// <summary>Writes the configuration.</summary>
    public void Configure(bool isDurable) => File.WriteAllText(ConfigPath, string.Create(CultureInfo.InvariantCulture, $$"""
        { "data_directory": "disk/data", "audiences": ["clawpdp"], "listen": { "grpc": "127.0.0.1:0", "http": null, "unix_socket": null, "plaintext_loopback_admin": true, "listeners": [{{_listeners}}] },
          "issuers": [{ "issuer": "{{_issuer.Url}}", "client_ids": ["clawpdp-agent"], "fetch_timeout_seconds": 30 }],
          "issuance": { "scope_mapping_file": "mapping.json" }, "decision_log": "{{(isDurable ? "durable" : "asynchronous")}}"{{_more}} }
        """));

    /// <summary>Signs an ID token.</summary>
    public string Mint() => _issuer.Mint();

    /// <summary>Starts the binary and waits until it serves.</summary>
    public async Task<LiveSidecar> StartAsync(params KeyValuePair<string, string>[] environment) => await LiveSidecar.ReadyAsync(Launch(environment), this);

    /// <summary>Starts the binary as an argument of other programs, which become it.</summary>
    public async Task<LiveSidecar> StartUnderAsync(params string[] wrapper) =>
        await LiveSidecar.ReadyAsync(ChildProcess.Launch(wrapper[0], [.. wrapper[1..], PublishedSidecar.Binary, .. ServeArguments], ReadyMark, []), this);

    /// <summary>Starts the binary and does not wait.</summary>
    public ChildProcess Launch(params KeyValuePair<string, string>[] environment) =>
        ChildProcess.Launch(PublishedSidecar.Binary, ServeArguments, ReadyMark, environment);

    /// <summary>Starts the binary, which refuses to serve.</summary>
    public async Task<(int Code, string Output)> StartInVainAsync()
    {
        await using var process = Launch();
        var code = await process.EndOrKillAsync(TimeSpan.FromSeconds(20));
        return (code, process.Output);
    }

    public async ValueTask DisposeAsync()
    {
        await _issuer.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
