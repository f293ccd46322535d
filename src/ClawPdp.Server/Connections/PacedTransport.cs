using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ClawPdp.Server.Connections;

/// <summary>The transport of sockets with <see cref="PacedListener"/> as its listeners.</summary>
internal sealed class PacedTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly IConnectionListenerFactory _transport;

    private PacedTransport(IConnectionListenerFactory transport) => _transport = transport;

    /// <summary>Puts itself before the transport that is registered.</summary>
    public static void Use(IServiceCollection services)
    {
        var registered = services.Single(static service => service.ServiceType == typeof(IConnectionListenerFactory));
        var implementation = registered.ImplementationType ?? throw new InvalidOperationException("the transport is not registered by its type");
        services.Remove(registered);
        services.Add(new ServiceDescriptor(implementation, implementation, ServiceLifetime.Singleton));
        services.AddSingleton<IConnectionListenerFactory>(provider => new PacedTransport((IConnectionListenerFactory)provider.GetRequiredService(implementation)));
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => _transport is not IConnectionListenerFactorySelector selector || selector.CanBind(endpoint);

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new PacedListener(await _transport.BindAsync(endpoint, cancellationToken));
}
