using System.Globalization;
using System.Text.RegularExpressions;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>One process that trusts a provider with each fault, from its start: what it fetched before would serve on.</summary>
internal sealed partial class ProviderScene : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
    private readonly Dictionary<IssuerFault, LocalIssuer> _issuers = Enum.GetValues<IssuerFault>().ToDictionary(static fault => fault, static fault => new LocalIssuer(fault));
    private readonly List<MatrixPlace> _places = [];
    private readonly MatrixClients _clients;
    private ChildProcess? _process;
    private string _grpc = "";
    private string _http = "";

    private ProviderScene(MatrixClients clients) => _clients = clients;

    /// <summary>Starts one.</summary>
    public static async Task<ProviderScene> StartAsync(MatrixClients clients)
    {
        var scene = new ProviderScene(clients);
        try
        {
            await scene.BeginAsync();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives what the callers of a row know.</summary>
    public async Task<MatrixPlace> PlaceOfAsync(ProviderFault fault)
    {
        var place = new MatrixPlace(_clients, _folder, string.Create(CultureInfo.InvariantCulture, $"{_places.Count}-")) { Grpc = _grpc, Http = _http, IdToken = fault.Mint(_issuers[fault.Provider]) };
        await place.WriteAsync();
        _places.Add(place);
        return place;
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DropAsync([.. _places.Select(static place => place.IdTokenPath)]);
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        foreach (var issuer in _issuers.Values)
        {
            await issuer.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    // Each question may make one fetch, which may take a second: so the time of a row is that of a fetch.
    private async Task BeginAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "mapping.json"), $$"""
            { "scope_mappings": [ { "okta_group": "{{LocalIssuer.Group}}", "cst_claims": { "allowed_tools": ["github"], "max_ttl_seconds": 3600 } } ] }
            """);
        var issuers = string.Join(", ", _issuers.Values.Select(static issuer => $$"""{ "issuer": "{{issuer.Url}}", "client_ids": ["clawpdp-agent"], "key_refresh_min_interval_seconds": 1, "fetch_timeout_seconds": 1 }"""));
        var config = Path.Combine(_folder, "clawpdp.json");
        await File.WriteAllTextAsync(config, $$"""
            { "data_directory": "data", "audiences": ["clawpdp"], "listen": { "grpc": "127.0.0.1:0", "http": "127.0.0.1:0", "unix_socket": null, "plaintext_loopback_admin": true },
              "issuers": [{{issuers}}],
              "issuance": { "scope_mapping_file": "mapping.json" }{{TokenDoors.Settings}} }
            """);
        (_process, var line) = await ChildProcess.StartAsync(PublishedSidecar.Binary, ["serve", "--config", config], SidecarHome.ReadyMark);
        var addresses = Address().Matches(line);
        (_grpc, _http) = (addresses[0].Value, addresses[1].Value);
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
