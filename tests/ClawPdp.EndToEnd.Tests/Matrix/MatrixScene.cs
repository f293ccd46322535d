using System.Globalization;
using System.Text.RegularExpressions;
using ClawPdp.EndToEnd.Tests.Faults;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>One row's own process, with every door open and decisions that are on disk before they are answered; and what a caller knows of it.</summary>
internal sealed partial class MatrixScene : IAsyncDisposable
{
    private readonly SidecarHome _home = new(isDurable: true, TokenDoors.Settings);
    private readonly List<Impostor> _instead = [];

    private MatrixScene(MatrixClients clients) => Place = new MatrixPlace(clients, _home.Folder);

    /// <summary>Gets the process.</summary>
    public LiveSidecar Sidecar => Live ?? throw new InvalidOperationException("not started");

    /// <summary>Gets what makes its disk and clock fail.</summary>
    public FaultShim Shim => Fault ?? throw new InvalidOperationException("not started");

    /// <summary>Gets what the callers know.</summary>
    public MatrixPlace Place { get; }

    private LiveSidecar? Live { get; set; }

    private FaultShim? Fault { get; set; }

    /// <summary>Starts one.</summary>
    public static async Task<MatrixScene> StartAsync(MatrixClients clients)
    {
        var scene = new MatrixScene(clients);
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

    /// <summary>Lets those ask that hold a connection, until each was allowed: so every fault comes upon callers that are at work.</summary>
    public async Task WarmAsync()
    {
        Place.Stream = new OpenStream(Place.Grpc);
        Place.Guard = new GuardedServer(Place);
        await Task.WhenAll(
            UntilGrantedAsync("the stream", () => Place.Stream.AskAsync(Place.Token)),
            UntilGrantedAsync("mcp-guard", Place.Guard.CallAsync),
            UntilGrantedAsync("Python", () => Place.Clients.AskAsync(MatrixLanguage.Python, "ask", Place.Grpc, Place.TokenPath)),
            UntilGrantedAsync("TypeScript", () => Place.Clients.AskAsync(MatrixLanguage.TypeScript, "ask", Place.Grpc, Place.TokenPath)),
            UntilGrantedAsync("Go", () => Place.Clients.AskAsync(MatrixLanguage.Go, "ask", Place.Grpc, Place.TokenPath)));
    }

    /// <summary>Sends the process a signal.</summary>
    public async Task SignalAsync(string name) =>
        Assert.Equal((0, ""), await ChildProcess.RunAsync("/bin/sh", "-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {Sidecar.Process.Id}")));

    /// <summary>Kills the process and has something else listen on its ports.</summary>
    public async Task ReplaceAsync(byte[] answer, bool closes)
    {
        await Sidecar.Process.KillAsync();
        foreach (var address in new[] { Place.Grpc, Place.Http })
        {
            _instead.Add(new Impostor(answer, closes, int.Parse(address.Split(':')[1], CultureInfo.InvariantCulture)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Fault?.Dispose();
        if (Place.Guard is not null)
        {
            await Place.Guard.DisposeAsync();
        }

        if (Place.Stream is not null)
        {
            await Place.Stream.DisposeAsync();
        }

        if (Live is not null)
        {
            await Live.DisposeAsync();
        }

        foreach (var impostor in _instead)
        {
            await impostor.DisposeAsync();
        }

        await Place.Clients.DropAsync(Place.TokenPath, Place.IdTokenPath);
        await _home.DisposeAsync();
    }

    private static Task UntilGrantedAsync(string who, Func<Task<string>> ask) =>
        LiveSidecar.UntilAsync(async () => MatrixDoor.IsGrant(await ask()), $"an allow for {who}");

    private async Task BeginAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_home.Folder, "mapping.json"), $$"""
            { "scope_mappings": [ { "okta_group": "{{LocalIssuer.Group}}", "cst_claims": { "allowed_tools": ["github", "files/*"], "egress_allowlist": ["api.github.com"], "max_ttl_seconds": 3600 } } ] }
            """);
        Fault = await FaultShim.CreateAsync(_home);
        Live = await _home.StartAsync([.. Fault.Environment, new("CLAWPDP_LISTEN_HTTP", "127.0.0.1:0")]);
        var addresses = Address().Matches(Live.Process.Output);
        (Place.Grpc, Place.Http) = (addresses[0].Value, addresses[1].Value);
        (Place.Token, Place.IdToken) = (await Live.IssueAsync(), _home.Mint());
        await Place.WriteAsync();
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
