using System.Net;
using ClawPdp.Server.Cli;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>Listens for the clients of the guard.</summary>
internal sealed class McpHttpHost : IAsyncDisposable
{
    private const int ConnectionsMax = 256;

    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;
    private readonly McpHttpGuard _guard;
    private readonly Upstream _upstream;
    private readonly string _path;

    private McpHttpHost(WebApplication app, McpHttpGuard guard, Upstream upstream, string path)
    {
        _app = app;
        _guard = guard;
        _upstream = upstream;
        _path = path;
    }

    /// <summary>Gets where clients reach the guard.</summary>
    public string Address => (_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First() ?? "") + _path;

    /// <summary>Starts listening.</summary>
    /// <param name="listen">A loopback address.</param>
    /// <param name="server">The server. Its path is the guard's too.</param>
    /// <param name="newSession">Makes the guard of a session.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="InputException">The address is taken.</exception>
    public static async Task<McpHttpHost> StartAsync(IPEndPoint listen, Uri server, Func<McpGuardSession> newSession, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "clawpdp" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Listen(listen, static options => options.Protocols = HttpProtocols.Http1);
        });
        var upstream = new Upstream(server);
        var host = new McpHttpHost(builder.Build(), new McpHttpGuard(new RequestGate(server.AbsolutePath), upstream, newSession), upstream, server.AbsolutePath);
        host._app.Run(context => host._guard.AnswerAsync(context, host._app.Lifetime.ApplicationStopping));
        try
        {
            await host._app.StartAsync(cancellation);
            return host;
        }
        catch (IOException exception)
        {
            await host.DisposeAsync();
            throw new InputException($"--listen: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(LeavingTime);
        await _app.StopAsync(limit.Token);
        await _guard.EndAsync();
        await _app.DisposeAsync();
        _upstream.Dispose();
    }
}
