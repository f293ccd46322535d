using System.Text.RegularExpressions;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Telemetry;

/// <summary>The published binary with settings of telemetry, an identity provider, and the OAuth endpoints with a client.</summary>
internal sealed partial class WatchedSidecar : IAsyncDisposable
{
    public const string ClientSecret = "MARK-client-secret-0123456789";

    private readonly string _folder;
    private readonly LocalIssuer _issuer;
    private readonly ChildProcess _process;
    private readonly GrpcChannel _channel;

    private WatchedSidecar(string folder, LocalIssuer issuer, ChildProcess process, string grpc, string http)
    {
        _folder = folder;
        _issuer = issuer;
        _process = process;
        Http = http;
        _channel = GrpcChannel.ForAddress(grpc);
    }

    public string Http { get; }

    public string ConfigPath => Path.Combine(_folder, "clawpdp.json");

    public string Data => Path.Combine(_folder, "data");

    public string Output => _process.Output;

    public TokenService.TokenServiceClient Tokens => new(_channel);

    public DecisionService.DecisionServiceClient Decisions => new(_channel);

    public RunService.RunServiceClient Runs => new(_channel);

    public ReceiptService.ReceiptServiceClient Receipts => new(_channel);

    public AuditService.AuditServiceClient Audits => new(_channel);

    /// <summary>Starts it.</summary>
    /// <param name="telemetry">The member of the configuration.</param>
    /// <param name="headers">What stands in the file <c>headers</c> beside it.</param>
    public static async Task<WatchedSidecar> StartAsync(string telemetry, string headers = "")
    {
        var binary = PublishedSidecar.Binary;
        var folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
        var issuer = new LocalIssuer();
        await File.WriteAllTextAsync(Path.Combine(folder, "mapping.json"), $$"""
            { "scope_mappings": [ { "okta_group": "{{LocalIssuer.Group}}", "cst_claims": { "allowed_tools": ["github"], "max_ttl_seconds": 3600 } } ] }
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "headers"), headers);
        Assert.Equal((0, ""), await ChildProcess.RunAsync("chmod", "600", Path.Combine(folder, "headers")));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(ClientSecret)));
        var config = Path.Combine(folder, "clawpdp.json");
        await File.WriteAllTextAsync(config, $$"""
            { "data_directory": "data", "audiences": ["clawpdp"], "listen": { "grpc": "127.0.0.1:0", "http": "127.0.0.1:0", "unix_socket": null, "plaintext_loopback_admin": true },
              "issuers": [{ "issuer": "{{issuer.Url}}", "client_ids": ["clawpdp-agent"], "fetch_timeout_seconds": 30 }], "log_level": "debug",
              "doors": { "oauth": { "clients": [{ "client_id": "agents", "secret_sha256": "{{hash}}", "may": ["exchange", "introspect", "revoke"] }] } },
              "issuance": { "scope_mapping_file": "mapping.json" }, "telemetry": {{telemetry}} }
            """);
        try
        {
            var (process, line) = await ChildProcess.StartAsync(binary, ["serve", "--config", config], SidecarHome.ReadyMark);
            var addresses = Address().Matches(line);
            return new WatchedSidecar(folder, issuer, process, addresses[0].Value, addresses[1].Value);
        }
        catch
        {
            await issuer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Signs an ID token.</summary>
    public string Mint(string user) => _issuer.Mint(user);

    /// <summary>Gives a token.</summary>
    public async Task<string> IssueAsync(string idToken)
    {
        var response = await Tokens.IssueCstAsync(new IssueCstRequest { IdToken = idToken, AgentDid = PublishedSidecar.AgentDid, Audiences = { "clawpdp" } });
        Assert.True(response.Issued is not null, response.Refusal?.ToString());
        return response.Issued?.Cst ?? "";
    }

    /// <summary>Runs the binary to its end.</summary>
    public static Task<(int Code, string Output)> RunAsync(params string[] arguments) => ChildProcess.RunAsync(PublishedSidecar.Binary, arguments);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _process.DisposeAsync();
        await _issuer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
