using System.Collections.Immutable;
using ClawPdp.Server.Health;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Callers;

/// <summary>The guards of the listeners, with the certificates and tokens that they go by, each read once before anything listens.</summary>
internal sealed class CallerSources
{
    private CallerSources(ImmutableArray<(ListenerSettings Listener, ListenerGuard Guard)> guards, ImmutableArray<IReloadable> watched)
    {
        Guards = guards;
        Watched = watched;
    }

    /// <summary>Gets the listeners in the order of the settings, and who stands at each.</summary>
    public ImmutableArray<(ListenerSettings Listener, ListenerGuard Guard)> Guards { get; }

    /// <summary>Gets what is looked at again and again.</summary>
    public ImmutableArray<IReloadable> Watched { get; }

    /// <summary>Reads everything.</summary>
    /// <exception cref="StartFaultException">A certificate or token file cannot be used.</exception>
    public static CallerSources Open(ListenSettings listen, PolicyMeter meter, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<ListenerGuard>();
        var guards = ImmutableArray.CreateBuilder<(ListenerSettings, ListenerGuard)>();
        var watched = ImmutableArray.CreateBuilder<IReloadable>();
        var files = new Dictionary<string, AdminTokenStore>(StringComparer.Ordinal);
        foreach (var listener in listen.All)
        {
            TlsStore? tls = null;
            if (listener.Tls is { } settings)
            {
                tls = TlsStore.Open(listener.Name, settings, new FaultBoard(TlsStore.NameOf(listener.Name), meter, logger), logger);
                watched.Add(tls);
            }

            AdminTokenStore? tokens = null;
            if (listener.AdminTokensPath is { } path && !files.TryGetValue(path, out tokens))
            {
                tokens = AdminTokenStore.Open(path, new FaultBoard(AdminTokenStore.NameOf(path), meter, logger), time);
                files.Add(path, tokens);
                watched.Add(tokens);
            }

            guards.Add((listener, new ListenerGuard(listener, tls, tokens, time, logger)));
        }

        return new CallerSources(guards.DrainToImmutable(), watched.DrainToImmutable());
    }
}
