using System.Globalization;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Demo;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Transparency;
using ClawPdp.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.Maintenance;

/// <summary>The real sidecar on an installation of its own, to be stopped and started again.</summary>
internal sealed class StoppableSidecar : IAsyncDisposable
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly DemoIdentityProvider _provider;
    private WebApplication? _app;
    private DemoClient? _client;
    private string _idToken = "";
    private string _agentDid = "";

    private StoppableSidecar(DemoIdentityProvider provider)
    {
        _provider = provider;
        Installation = DemoInstallation.Create(Directory.CreateTempSubdirectory("clawpdp-ledger-test-").FullName, provider.Issuer, "127.0.0.1:0", "127.0.0.1:0", TimeProvider.System);
    }

    public DemoInstallation Installation { get; }

    public string Data => Installation.DataDirectory;

    public string Log => Path.Combine(Data, LogOpening.FolderName);

    public string Database => Path.Combine(Data, "ledger.db");

    public DemoClient Client => _client ?? throw new InvalidOperationException("not started");

    public string Token { get; private set; } = "";

    public static async Task<StoppableSidecar> StartNewAsync()
    {
        var sidecar = new StoppableSidecar(await DemoIdentityProvider.StartAsync(TimeProvider.System));
        await sidecar.StartAsync();
        return sidecar;
    }

    public string Folder(string name) => Path.Combine(Installation.Directory, name);

    public static Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(["ledger", .. arguments]);

    public async Task StartAsync()
    {
        var settings = SettingsLoader.Load(Installation.ConfigPath, new Dictionary<string, string>(StringComparer.Ordinal)).Value;
        _app = await SidecarHost.BuildAsync(settings, TimeProvider.System);
        await SidecarRun.StartAsync(_app, settings);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
        _client = new DemoClient(addresses[0], _provider.Issuer);
        _agentDid = _agentDid.Length > 0 ? _agentDid : _client.AgentDid;
        _idToken = await _client.SignInAsync("alice");
        Token = await IssueAsync();
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        _client = null;
        if (_app is { } app)
        {
            _app = null;
            await SidecarRun.StopAsync(app);
        }
    }

    /// <summary>Gets a token for the one agent that all runs are of.</summary>
    public async Task<string> IssueAsync(string mission = "")
    {
        var request = new IssueCstRequest { IdToken = _idToken, AgentDid = _agentDid, MissionId = mission };
        request.Audiences.Add(DemoInstallation.Audience);
        return (await Client.Tokens.IssueCstAsync(request)).Issued.Cst;
    }

    /// <summary>Signs receipts for a run, each with its decision.</summary>
    public async Task SignAsync(string run, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            var decision = await Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = Token, Model = "gpt-4o", Provider = "openai", RunId = run, PolicyHash = Installation.PolicyHash });
            var answer = await Client.Receipts.SignReceiptAsync(new SignReceiptRequest
            {
                Cst = Token,
                RunId = run,
                Nonce = string.Create(CultureInfo.InvariantCulture, $"n{number}"),
                DecisionId = decision.DecisionId,
                ModelCall = new ModelCall { Provider = "openai", Model = "gpt-4o", RequestHashB64U = Hash, ResponseHashB64U = Hash },
            });
            Assert.NotNull(answer.Receipt);
        }
    }

    public async Task FinishAsync(string run) => await Client.Runs.FinishRunAsync(new FinishRunRequest { Cst = Token, RunId = run });

    public async Task<bool> IsRevokedAsync(string token) => (await Client.AskAsync(token, "github")).Contains("REVOKED", StringComparison.Ordinal);

    /// <summary>Tells what is found in the folder of an installation: modes and bytes.</summary>
    public static SortedDictionary<string, (UnixFileMode Mode, string Content)> FilesOf(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(folder, path),
            static path => (File.GetUnixFileMode(path), Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))),
            StringComparer.Ordinal),
        StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _provider.DisposeAsync();
        Directory.Delete(Installation.Directory, recursive: true);
    }
}
