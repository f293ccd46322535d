using ClawPdp.Server.Demo;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests;

/// <summary>
/// The real sidecar on loopback, with the demo's identity provider and installation: in this process, or, where SUITE_DOORS
/// names one, as the process of a published binary. The tests with the trait of a door hold of both.
/// </summary>
public class RunningSidecar : IAsyncLifetime
{
    private DemoIdentityProvider? _provider;
    private DemoInstallation? _installation;
    private WebApplication? _app;
    private PublishedProcess? _published;
    private DemoClient? _client;

    internal DemoClient Client => _client ?? throw new InvalidOperationException("not started");

    internal DemoInstallation Installation => _installation ?? throw new InvalidOperationException("not started");

    internal string GrpcAddress { get; private set; } = "";

    internal string HttpAddress { get; private set; } = "";

    /// <summary>Gets where it listens, in the order of the settings.</summary>
    internal IReadOnlyList<string> Addresses { get; private set; } = [];

    internal IServiceProvider Services => _app?.Services ?? throw new InvalidOperationException("not started");

    internal ServerSettings Settings { get; private set; } = Empty();

    public async ValueTask InitializeAsync()
    {
        _provider = await DemoIdentityProvider.StartAsync(Clock);
        _installation = DemoInstallation.Create(Directory.CreateTempSubdirectory("clawpdp-test-").FullName, _provider.Issuer, "127.0.0.1:0", "127.0.0.1:0", Clock);
        Settings = Adjust(SettingsLoader.Load(_installation.ConfigPath, new Dictionary<string, string>(StringComparer.Ordinal)).Value);
        var addresses = PublishedProcess.Binary is { } binary ? await StartPublishedAsync(binary) : await StartHereAsync();
        (GrpcAddress, HttpAddress, Addresses) = (addresses[0], addresses[1], addresses);
        _client = new DemoClient(GrpcAddress, _provider.Issuer);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null)
        {
            await SidecarRun.StopAsync(_app);
        }

        if (_published is not null)
        {
            await _published.DisposeAsync();
        }

        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        if (_installation is not null)
        {
            await DeleteAsync(_installation.Directory);
        }

        GC.SuppressFinalize(this);
    }

    internal async Task<string> TokenOfAsync(string user)
    {
        var response = await Client.IssueAsync(await Client.SignInAsync(user));
        Assert.True(response.Issued is not null, response.Refusal?.ToString());
        return response.Issued?.Cst ?? "";
    }

    /// <summary>Gives a user's token that is bound to a key, by its thumbprint.</summary>
    internal async Task<string> BoundTokenAsync(string? thumbprint, string user = "alice")
    {
        var request = new IssueCstRequest { IdToken = await Client.SignInAsync(user), AgentDid = Client.AgentDid, Holder = new TokenHolder { JwkThumbprint = thumbprint } };
        request.Audiences.Add(DemoInstallation.Audience);
        var response = await Client.Tokens.IssueCstAsync(request);
        return response.Issued?.Cst ?? throw new InvalidOperationException(response.Refusal?.ToString());
    }

    internal GrpcChannel Channel() => GrpcChannel.ForAddress(GrpcAddress);

    /// <summary>Stops the sidecar, and leaves its files until the end.</summary>
    internal async Task<bool> StopAsync()
    {
        if (_published is not null)
        {
            return await _published.StopAsync();
        }

        var app = _app ?? throw new InvalidOperationException("not started");
        _app = null;
        return await SidecarRun.StopAsync(app);
    }

    /// <summary>Gets the clock of the sidecar and of the identity provider.</summary>
    private protected virtual TimeProvider Clock => TimeProvider.System;

    private protected virtual ServerSettings Adjust(ServerSettings settings) => settings;

    private async Task<string[]> StartHereAsync()
    {
        _app = await SidecarHost.BuildAsync(Settings, Clock);
        await SidecarRun.StartAsync(_app, Settings);
        return _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
    }

    private async Task<string[]> StartPublishedAsync(string binary)
    {
        Assert.True(ReferenceEquals(Clock, TimeProvider.System), "a process has no clock but the machine's");
        PublishedProcess.Configure(Installation.ConfigPath, Settings);
        _published = await PublishedProcess.StartAsync(binary, Installation.ConfigPath);
        return _published.Addresses;
    }

    // What was given up at a deadline may still be writing.
    private static async Task DeleteAsync(string directory)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Directory.Delete(directory, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 500)
            {
                await pace.WaitForNextTickAsync();
            }
        }
    }

    private static ServerSettings Empty() => new()
    {
        DataDirectory = "",
        Listen = new ListenSettings { Grpc = null, Http = null, UnixSocketPath = null },
        Audiences = [],
        Issuers = [],
        Issuance = new IssuanceSettings { ScopeMappingPath = "", AllowWildcards = false, LifetimeMaxSeconds = 1, LifetimeDefaultSeconds = 1, Agents = [], Audiences = [] },
        Policy = new PolicySettings { Path = null, Signers = [], Required = false },
        GatewayId = null,
        ReloadInterval = TimeSpan.FromSeconds(2),
        LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
    };
}
