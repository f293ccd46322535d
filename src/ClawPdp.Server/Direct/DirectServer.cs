using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Direct;

/// <summary>The web server with <see cref="DirectApplication{TContext}"/> before the pipeline.</summary>
internal sealed class DirectServer : IServer
{
    private readonly IServer _server;
    private readonly DirectAuthorize _authorize;

    public DirectServer(IServer server, DirectAuthorize authorize)
    {
        _server = server;
        _authorize = authorize;
    }

    /// <inheritdoc/>
    public IFeatureCollection Features => _server.Features;

    /// <summary>Puts itself before the web server that is registered.</summary>
    public static void Use(IServiceCollection services)
    {
        var registered = services.Last(static service => service.ServiceType == typeof(IServer));
        var implementation = registered.ImplementationType ?? throw new InvalidOperationException("the web server is not registered by its type");
        services.Remove(registered);
        services.Add(new ServiceDescriptor(implementation, implementation, ServiceLifetime.Singleton));
        services.AddSingleton<IServer>(provider =>
            new DirectServer((IServer)provider.GetRequiredService(implementation), provider.GetRequiredService<DirectAuthorize>()));
    }

    /// <inheritdoc/>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => _server.StartAsync(new DirectApplication<TContext>(application, _authorize), cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <summary>Does nothing: the container made the server itself, and ends it.</summary>
    public void Dispose()
    {
    }
}
