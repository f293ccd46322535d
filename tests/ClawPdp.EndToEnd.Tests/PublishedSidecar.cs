using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>The published binary, serving with a configuration of the test's own.</summary>
internal sealed class PublishedSidecar : IAsyncDisposable
{
    public const string AgentDid = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";

    private readonly string _directory;
    private readonly GrpcChannel _channel;
    private bool _keepsDirectory;

    private PublishedSidecar(ChildProcess process, string directory, string address)
    {
        Process = process;
        Address = address;
        _directory = directory;
        _channel = GrpcChannel.ForAddress(address);
    }

    public ChildProcess Process { get; }

    public string Address { get; }

    public string Data => Path.Combine(_directory, "data");

    public RunService.RunServiceClient Runs => new(_channel);

    public TokenService.TokenServiceClient Tokens => new(_channel);

    public DecisionService.DecisionServiceClient Decisions => new(_channel);

    public ReceiptService.ReceiptServiceClient Receipts => new(_channel);

    public static string Binary
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("SUITE_BINARY");
            Assert.SkipUnless(path is not null && File.Exists(path), "SUITE_BINARY names no published binary; ./test.sh makes one");
            return path ?? "";
        }
    }

    public static string Providers
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("SUITE_PROVIDERS");
            Assert.SkipUnless(path is not null && Directory.Exists(Path.Combine(path, "node_modules")), "SUITE_PROVIDERS names no installed providers; ./test.sh installs them");
            return path ?? "";
        }
    }

    /// <summary>Writes a configuration into a new directory.</summary>
    public static string Configure(string issuer, int keyRefreshMinIntervalSeconds = 1)
    {
        var directory = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
        File.WriteAllText(Path.Combine(directory, "mapping.json"), """
            { "scope_mappings": [
              { "okta_group": "platform-engineers", "cst_claims": { "allowed_tools": ["github"], "allowed_models": ["gpt-4o"], "egress_allowlist": ["*.atlassian.net"], "max_ttl_seconds": 3600 } },
              { "okta_group": "security-analysts", "cst_claims": { "allowed_tools": ["splunk"], "max_ttl_seconds": 1800 } } ] }
            """);
        File.WriteAllText(Path.Combine(directory, "clawpdp.json"), $$"""
            { "data_directory": "data", "audiences": ["clawpdp"], "listen": { "grpc": "127.0.0.1:0", "http": "127.0.0.1:0", "plaintext_loopback_admin": true },
              "issuers": [{ "issuer": "{{issuer}}", "client_ids": ["clawpdp-agent"], "key_refresh_min_interval_seconds": {{keyRefreshMinIntervalSeconds}}, "fetch_timeout_seconds": 3 }],
              "issuance": { "scope_mapping_file": "mapping.json" } }
            """);
        return directory;
    }

    /// <summary>Starts the binary with a configuration.</summary>
    public static async Task<PublishedSidecar> StartAsync(string directory)
    {
        var (process, line) = await ChildProcess.StartAsync(Binary, ["serve", "--config", Path.Combine(directory, "clawpdp.json")], "listening for gRPC");
        var address = line[line.IndexOf("http://127", StringComparison.Ordinal)..].Split(',')[0];
        return new PublishedSidecar(process, directory, address);
    }

    /// <summary>Asks for a token.</summary>
    public async Task<IssueCstResponse> IssueAsync(string idToken, string agentDid = AgentDid)
    {
        var request = new IssueCstRequest { IdToken = idToken, AgentDid = agentDid };
        request.Audiences.Add("clawpdp");
        return await Tokens.IssueCstAsync(request);
    }

    /// <summary>Asks for a token and gives the reason why there is none; ALLOWED when there is one.</summary>
    public async Task<ReasonCode> ReasonAsync(string idToken)
    {
        var response = await IssueAsync(idToken);
        return response.OutcomeCase == IssueCstResponse.OutcomeOneofCase.Issued ? ReasonCode.Allowed : response.Refusal.ReasonCode;
    }

    /// <summary>Asks for a decision on a tool.</summary>
    public async Task<ReasonCode> AskAsync(string token, string tool) =>
        (await Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = tool })).ReasonCode;

    /// <summary>Gives the options that make an auditor trust this installation's keys for receipts, policies and the log.</summary>
    public async Task<string[]> TrustAsync()
    {
        var (_, keys) = await ChildProcess.RunAsync(Binary, "keys", "list", "--data", Data);
        return
        [
            .. keys.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(static line => !line.StartsWith("token", StringComparison.Ordinal))
                .SelectMany(static line => new[] { "--trust", line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1] }),
        ];
    }

    /// <summary>Kills the process and starts it again on the same data.</summary>
    public async Task<PublishedSidecar> CrashAndRestartAsync()
    {
        await Process.KillAsync();
        _channel.Dispose();
        _keepsDirectory = true;
        return await StartAsync(_directory);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Process.DisposeAsync();
        if (!_keepsDirectory)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
