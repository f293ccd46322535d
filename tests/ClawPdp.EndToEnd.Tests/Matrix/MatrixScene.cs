using System.Globalization;
using System.Text.RegularExpressions;
using ClawPdp.EndToEnd.Tests.Faults;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>One row's own process, with every door open and decisions that are on disk before they are answered; and what a caller knows of it.</summary>
internal sealed partial class MatrixScene : IAsyncDisposable
{
    private readonly SidecarHome _home = new(isDurable: true);

    private MatrixScene()
    {
    }

    /// <summary>Gets the process.</summary>
    public LiveSidecar Sidecar => Live ?? throw new InvalidOperationException("not started");

    /// <summary>Gets what makes its disk and clock fail.</summary>
    public FaultShim Shim => Fault ?? throw new InvalidOperationException("not started");

    /// <summary>Gets or sets host and port where callers ask for gRPC.</summary>
    public string Grpc { get; set; } = "";

    /// <summary>Gets or sets host and port where callers ask by HTTP.</summary>
    public string Http { get; set; } = "";

    /// <summary>Gets or sets the token that callers show.</summary>
    public string Token { get; set; } = "";

    /// <summary>Gets or sets what stands where the sidecar should.</summary>
    public Impostor? Instead { get; set; }

    private LiveSidecar? Live { get; set; }

    private FaultShim? Fault { get; set; }

    /// <summary>Starts one.</summary>
    public static async Task<MatrixScene> StartAsync()
    {
        var scene = new MatrixScene();
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

    /// <summary>Signs an ID token.</summary>
    public string Mint() => _home.Mint();

    /// <summary>Gets a file with the token.</summary>
    public async Task<string> TokenFileAsync()
    {
        var path = Path.Combine(_home.Folder, Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, Token);
        return path;
    }

    /// <summary>Sends the process a signal.</summary>
    public async Task SignalAsync(string name) =>
        Assert.Equal((0, ""), await ChildProcess.RunAsync("/bin/sh", "-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {Sidecar.Process.Id}")));

    public async ValueTask DisposeAsync()
    {
        Fault?.Dispose();
        if (Live is not null)
        {
            await Live.DisposeAsync();
        }

        if (Instead is not null)
        {
            await Instead.DisposeAsync();
        }

        await _home.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_home.Folder, "mapping.json"), $$"""
            { "scope_mappings": [ { "okta_group": "{{LocalIssuer.Group}}", "cst_claims": { "allowed_tools": ["github", "files/*"], "egress_allowlist": ["api.github.com"], "max_ttl_seconds": 3600 } } ] }
            """);
        Fault = await FaultShim.CreateAsync(_home);
        Live = await _home.StartAsync([.. Fault.Environment, new("CLAWPDP_LISTEN_HTTP", "127.0.0.1:0")]);
        var addresses = Address().Matches(Live.Process.Output);
        (Grpc, Http) = (addresses[0].Value, addresses[1].Value);
        Token = await Live.IssueAsync();
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
