using System.Collections.Immutable;
using ClawPdp.Server.Connections;
using ClawPdp.Server.Health;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Callers;

/// <summary>The guards of the listeners, with the certificates and tokens that they go by, each read once before anything listens.</summary>
internal sealed class CallerSources
{
    private CallerSources(ImmutableArray<(ListenerSettings Listener, ListenerGuard Guard)> guards, ImmutableArray<IReloadable> watched, ConnectionMeter meter)
    {
        Guards = guards;
        Watched = watched;
        Meter = meter;
    }

    /// <summary>Gets the listeners in the order of the settings, and who stands at each.</summary>
    public ImmutableArray<(ListenerSettings Listener, ListenerGuard Guard)> Guards { get; }

    /// <summary>Gets what is looked at again and again.</summary>
    public ImmutableArray<IReloadable> Watched { get; }

    /// <summary>Gets what counts the connections that they closed.</summary>
    public ConnectionMeter Meter { get; }

    /// <summary>Reads everything.</summary>
    /// <param name="listen">The listeners.</param>
    /// <param name="limits">What each takes.</param>
    /// <param name="policies">Counts what is refused of changed files.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The loggers.</param>
    /// <exception cref="StartFaultException">A certificate or token file cannot be used.</exception>
    public static CallerSources Open(ListenSettings listen, LimitSettings limits, PolicyMeter policies, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<ListenerGuard>();
        var meter = new ConnectionMeter();
        var guards = ImmutableArray.CreateBuilder<(ListenerSettings, ListenerGuard)>();
        var watched = ImmutableArray.CreateBuilder<IReloadable>();
        var files = new Dictionary<string, AdminTokenStore>(StringComparer.Ordinal);
        foreach (var listener in listen.All)
        {
            TlsGuard? tls = null;
            if (listener.Tls is { } settings)
            {
                var clients = new ClientConnections(listener.Name, settings.SpiffeIds, meter, time, logger);
                var store = TlsStore.Open(listener.Name, settings, clients, new FaultBoard(TlsStore.NameOf(listener.Name), policies, logger), time, logger);
                tls = new TlsGuard(listener.Name, settings, store, limits.HandshakeTimeout, time, logger);
                watched.Add(store);
            }

            AdminTokenStore? tokens = null;
            if (listener.AdminTokensPath is { } path && !files.TryGetValue(path, out tokens))
            {
                tokens = AdminTokenStore.Open(path, new FaultBoard(AdminTokenStore.NameOf(path), policies, logger), time);
                files.Add(path, tokens);
                watched.Add(tokens);
            }

            guards.Add((listener, new ListenerGuard(listener, new ConnectionRoom(limits, meter, time), tls, tokens, logger)));
        }

        return new CallerSources(guards.DrainToImmutable(), watched.DrainToImmutable(), meter);
    }
}
