using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Server.Demo;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;
using ClawPdp.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using HealthService = Grpc.Health.V1.Health;

namespace ClawPdp.Server.Tests.Policies;

/// <summary>A real sidecar on loopback that can be stopped and started again, with a clock that only the test moves.</summary>
internal sealed class PolicyBed : IAsyncDisposable
{
    private readonly Func<ServerSettings, ServerSettings> _adjust;
    private readonly DemoIdentityProvider _provider;
    private WebApplication? _app;
    private DemoClient? _client;
    private GrpcChannel? _channel;

    private PolicyBed(DemoIdentityProvider provider, DemoInstallation installation, FakeTimeProvider time, Func<ServerSettings, ServerSettings> adjust)
    {
        _provider = provider;
        Installation = installation;
        Time = time;
        _adjust = adjust;
    }

    public FakeTimeProvider Time { get; }

    public DemoInstallation Installation { get; }

    /// <summary>Gets the key that the bed's settings accept beside the installation's own.</summary>
    public PurposeKey Signer { get; } = TestPolicies.NewKey();

    public string PolicyPath => Path.Combine(Installation.Directory, "policy.json");

    public DemoClient Client => _client ?? throw new InvalidOperationException("not started");

    public PolicyService.PolicyServiceClient Policies => new(_channel);

    /// <summary>Makes a bed and starts it.</summary>
    /// <param name="adjust">Changes the settings; told the bed's folder.</param>
    public static async Task<PolicyBed> StartAsync(Func<ServerSettings, string, ServerSettings>? adjust = null)
    {
        var bed = await MakeAsync(adjust);
        await bed.StartAsync();
        return bed;
    }

    /// <summary>Makes a bed that is not started.</summary>
    public static async Task<PolicyBed> MakeAsync(Func<ServerSettings, string, ServerSettings>? adjust = null)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var provider = await DemoIdentityProvider.StartAsync(time);
        var folder = Directory.CreateTempSubdirectory("clawpdp-policy-").FullName;
        var installation = DemoInstallation.Create(folder, provider.Issuer, "127.0.0.1:0", "127.0.0.1:0", time);
        Unpin(Path.Combine(folder, "scope-mapping.json"));
        return new PolicyBed(provider, installation, time, settings => adjust is null ? settings : adjust(settings, folder));
    }

    public async Task StartAsync()
    {
        var loaded = SettingsLoader.Load(Installation.ConfigPath, new Dictionary<string, string>(StringComparer.Ordinal)).Value;
        var settings = _adjust(loaded with { Policy = loaded.Policy with { Signers = [new PolicySigner(Signer.PublicKey.Did)] } });
        _app = await SidecarHost.BuildAsync(settings, Time);
        await SidecarRun.StartAsync(_app, settings);
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First() ?? "";
        _channel = GrpcChannel.ForAddress(address);
        _client = new DemoClient(address, _provider.Issuer);
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        _channel?.Dispose();
        (_client, _channel) = (null, null);
        if (_app is { } app)
        {
            _app = null;
            await SidecarRun.StopAsync(app);
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Looks at the watched files once, as the sidecar does at every interval.</summary>
    public async Task ReloadAsync()
    {
        foreach (var watched in _app?.Services.GetServices<IReloadable>() ?? [])
        {
            await watched.ReloadAsync();
        }
    }

    /// <summary>Gives what health says about a watched thing; empty when all is well.</summary>
    public string FaultOf(string name) => _app?.Services.GetServices<IReloadable>().Single(watched => watched.Name == name).Fault ?? "";

    /// <summary>Gives the detail of the health of decisions, which go on; empty when all is well.</summary>
    public async Task<string> HealthAsync()
    {
        var report = await (_app?.Services.GetRequiredService<HealthCheckService>() ?? throw new InvalidOperationException("not started")).CheckHealthAsync();
        return report.Entries["decision"].Description ?? "";
    }

    /// <summary>Gives the number of a metric without labels.</summary>
    public double Measured(string name) => (_app?.Services.GetRequiredService<MetricCatalog>() ?? throw new InvalidOperationException("not started"))
        .Metrics.Single(metric => metric.Name == name).Read().Single().Value;

    /// <summary>Asks over the wire how a service is.</summary>
    public async Task<string> StatusAsync(string service) =>
        (await new HealthService.HealthClient(_channel).CheckAsync(new HealthCheckRequest { Service = service })).Status.ToString();

    public async Task<PutPolicyResponse> PutAsync(byte[] envelope) =>
        await Policies.PutPolicyAsync(new PutPolicyRequest { EnvelopeJson = ByteString.CopyFrom(envelope) });

    /// <summary>Signs a policy by the bed's signer, or another one, and puts it.</summary>
    public async Task<string> HoldAsync(WorkPolicyContract policy, PurposeKey? signer = null)
    {
        var response = await PutAsync(TestPolicies.Sign(signer ?? Signer, policy, Time.GetUtcNow()));
        Assert.Equal(policy.PolicyHash, response.Policy?.PolicyHashB64U);
        return policy.PolicyHash;
    }

    public async Task<ActivatePolicyResponse> ActivateAsync(string hash, string audience = "", ulong number = 0, int overlapSeconds = 0, bool dryRun = false) =>
        await Policies.ActivatePolicyAsync(new ActivatePolicyRequest
        {
            PolicyHashB64U = hash,
            Audience = audience,
            ActivationNumber = number,
            Overlap = overlapSeconds > 0 ? Duration.FromTimeSpan(TimeSpan.FromSeconds(overlapSeconds)) : null,
            DryRun = dryRun,
        });

    public async Task<ActivePolicy?> ActiveAsync(string audience = "") =>
        (await Policies.GetActivePolicyAsync(new GetActivePolicyRequest { Audience = audience })).Active;

    public async Task<IReadOnlyList<Activation>> ActivationsAsync() => (await Policies.ListActivationsAsync(new ListActivationsRequest())).Activations;

    /// <summary>Gets a token that is pinned to a policy, or to none.</summary>
    public async Task<IssuedCst> TokenAsync(string pin = "", string user = "alice", string mission = "", string audience = DemoInstallation.Audience)
    {
        var request = new IssueCstRequest { IdToken = await Client.SignInAsync(user), AgentDid = Client.AgentDid, PolicyHashB64U = pin, MissionId = mission };
        request.Audiences.Add(audience);
        var response = await Client.Tokens.IssueCstAsync(request);
        return response.Issued ?? throw new InvalidOperationException(response.Refusal.Message);
    }

    public async Task<AuthorizeResponse> AskAsync(string token, string tool = "github", string audience = "") =>
        await Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = tool, Audience = audience });

    // The demo's mapping pins its policy for everybody; here a token is pinned to what it is asked for with.
    private static void Unpin(string path)
    {
        var mapping = JsonReader.Parse(File.ReadAllBytes(path), 1 << 20).Value;
        File.WriteAllBytes(path, JsonWriter.WriteCanonical(JsonValue.ObjectOf([.. mapping.Members.Where(static member => member.Name != "policy_pin")])));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _provider.DisposeAsync();
        Signer.Dispose();
        Directory.Delete(Installation.Directory, recursive: true);
    }
}
