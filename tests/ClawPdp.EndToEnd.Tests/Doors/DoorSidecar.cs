using System.Text.RegularExpressions;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Doors;

/// <summary>The published binary with a gRPC and an HTTP port, and a token for the tools <c>github</c>, <c>everything/echo</c> and <c>web_fetch</c>, those below <c>files</c> and one host.</summary>
public sealed partial class DoorSidecar : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
    private LocalIssuer? _issuer;
    private ChildProcess? _process;

    /// <summary>Gets host and port of gRPC.</summary>
    public string Grpc { get; private set; } = "";

    /// <summary>Gets host and port of HTTP.</summary>
    public string Http { get; private set; } = "";

    /// <summary>Gets the token.</summary>
    public string Token { get; private set; } = "";

    /// <summary>Gets a file with the token.</summary>
    public string TokenPath => Path.Combine(_folder, "cst");

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("SUITE_BINARY") is not { } binary || !File.Exists(binary))
        {
            return;
        }

        _issuer = new LocalIssuer();
        await File.WriteAllTextAsync(Path.Combine(_folder, "mapping.json"), $$"""
            { "scope_mappings": [
              { "okta_group": "{{LocalIssuer.Group}}", "cst_claims": { "allowed_tools": ["github", "files/*", "everything/echo", "web_fetch"], "egress_allowlist": ["api.github.com"], "max_ttl_seconds": 3600 } } ] }
            """);
        var config = Path.Combine(_folder, "clawpdp.json");
        await File.WriteAllTextAsync(config, $$"""
            { "data_directory": "data", "audiences": ["clawpdp"], "listen": { "grpc": "127.0.0.1:0", "http": "127.0.0.1:0", "unix_socket": null, "plaintext_loopback_admin": true },
              "issuers": [{ "issuer": "{{_issuer.Url}}", "client_ids": ["clawpdp-agent"], "fetch_timeout_seconds": 30 }],
              "issuance": { "scope_mapping_file": "mapping.json" } }
            """);
        (_process, var line) = await ChildProcess.StartAsync(binary, ["serve", "--config", config], SidecarHome.ReadyMark);
        var addresses = Address().Matches(line);
        (Grpc, Http) = (addresses[0].Value, addresses[1].Value);
        using var channel = GrpcChannel.ForAddress("http://" + Grpc);
        var request = new IssueCstRequest { IdToken = _issuer.Mint(), AgentDid = PublishedSidecar.AgentDid, Audiences = { "clawpdp" } };
        Token = (await new TokenService.TokenServiceClient(channel).IssueCstAsync(request)).Issued.Cst;
        await File.WriteAllTextAsync(TokenPath, Token);
    }

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

    [GeneratedRegex(@"127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
