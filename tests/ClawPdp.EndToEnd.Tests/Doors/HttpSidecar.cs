using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClawPdp.EndToEnd.Tests.Doors;

/// <summary>The published binary with its HTTP port where its documents say that it is, a real identity provider, and a client with a secret.</summary>
internal sealed class HttpSidecar : IAsyncDisposable
{
    private readonly PublishedSidecar _sidecar;
    private readonly RealProvider _provider;

    private HttpSidecar(PublishedSidecar sidecar, RealProvider provider, string url, string secret)
    {
        _sidecar = sidecar;
        _provider = provider;
        Url = url;
        Secret = secret;
    }

    public string Url { get; }

    public string Secret { get; }

    /// <summary>Gets what the process wrote.</summary>
    public string Output => _sidecar.Process.Output;

    /// <summary>Starts everything.</summary>
    /// <param name="doors">The settings of the doors as a page shows them, which get the port and the secret of this sidecar.</param>
    public static async Task<HttpSidecar> StartAsync(string doors)
    {
        var provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        try
        {
            var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            var port = FreePort();
            var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
            var directory = PublishedSidecar.Configure(provider.Issuer);
            Adjust(Path.Combine(directory, "clawpdp.json"), port, doors
                .Replace("https://pdp.example.com", url, StringComparison.Ordinal)
                .Replace("SHA-256-OF-THE-SECRET", Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))), StringComparison.Ordinal));
            return new HttpSidecar(await PublishedSidecar.StartAsync(directory), provider, url, secret);
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives a port that was free a moment ago; whoever takes it in between makes the start fail and not the test wrong.</summary>
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Signs a user in at the provider.</summary>
    public Task<string> SignInAsync(string user) => _provider.SignInAsync(user);

    /// <summary>Has the provider sign an identity assertion for alice.</summary>
    /// <param name="audience">The server that it is for.</param>
    /// <param name="client">The client that may show it.</param>
    public Task<string> MintAssertionAsync(string audience, string client) => _provider.MintAsync(new JsonObject
    {
        ["_header"] = new JsonObject { ["typ"] = "oauth-id-jag+jwt" },
        ["aud"] = audience,
        ["client_id"] = client,
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["scope"] = "tool:github",
    }.ToJsonString());

    /// <summary>Gives the token of a user's agent.</summary>
    public async Task<string> IssueAsync(string user) => (await _sidecar.IssueAsync(await SignInAsync(user))).Issued.Cst;

    /// <summary>Asks by gRPC.</summary>
    public async Task<V1.ReasonCode> AskAsync(string token, string tool) => await _sidecar.AskAsync(token, tool);

    /// <summary>Runs a program to its end with what the pages name in its environment, and gives the lines that it wrote.</summary>
    public async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        await using var process = ChildProcess.Launch(program, arguments, "\0", [
            new("PDP", Url),
            new("GRPC", _sidecar.Address),
            new("CLAWPDP", PublishedSidecar.Binary),
            new("AGENT_DID", PublishedSidecar.AgentDid),
            new("CLIENT_SECRET", Secret),
            .. environment.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value)),
        ]);
        return (await process.EndOrKillAsync(TimeSpan.FromSeconds(60)), process.Output);
    }

    /// <summary>Runs JavaScript that may use the packages of the providers.</summary>
    public async Task<(int Code, string Output)> RunScriptAsync(string script, params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("clawpdp-script-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), Path.Combine(PublishedSidecar.Providers, "node_modules"));
            var path = Path.Combine(folder, "script.mjs");
            await File.WriteAllTextAsync(path, script, TestContext.Current.CancellationToken);
            return await RunAsync("node", [path], environment);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _provider.DisposeAsync();
    }

    private static void Adjust(string path, int port, string doors)
    {
        var root = JsonNode.Parse(File.ReadAllText(path))?.AsObject() ?? throw new InvalidOperationException("no configuration");
        root["listen"] = new JsonObject { ["grpc"] = "127.0.0.1:0", ["http"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), ["unix_socket"] = null, ["plaintext_loopback_admin"] = true };
        root["doors"] = JsonNode.Parse(doors);
        File.WriteAllText(path, root.ToJsonString());
    }
}
