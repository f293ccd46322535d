using ClawPdp.Server.Callers;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClawPdp.Server.Hosting;

/// <summary>Where the sidecar listens, and the limits of its connections.</summary>
internal static class SidecarListeners
{
    /// <summary>Configures Kestrel.</summary>
    /// <param name="host">The host.</param>
    /// <param name="callers">Where it listens, and who stands there.</param>
    /// <param name="limits">What each listener and connection takes.</param>
    public static void Configure(IWebHostBuilder host, CallerSources callers, LimitSettings limits)
    {
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ConnectionLimits.Apply(kestrel.Limits, limits);
            foreach (var (listener, guard) in callers.Guards)
            {
                Listen(kestrel, listener, guard);
            }
        });
    }

    /// <summary>Removes socket files that a process left behind; one that answers is somebody else's.</summary>
    /// <exception cref="StartFaultException">Another process listens there, or the path is not a socket.</exception>
    public static void ClearStaleSockets(ListenSettings listen)
    {
        foreach (var path in PathsOf(listen))
        {
            StaleSocket.Clear(path);
        }
    }

    /// <summary>Gives each socket its mode once it is there.</summary>
    public static void OpenSockets(ListenSettings listen)
    {
        foreach (var listener in listen.All)
        {
            if (listener.SocketPath is { } path)
            {
                File.SetUnixFileMode(path, listener.Mode);
            }
        }
    }

    private static IEnumerable<string> PathsOf(ListenSettings listen) => listen.All.Select(static listener => listener.SocketPath).OfType<string>();

    private static void Listen(KestrelServerOptions kestrel, ListenerSettings listener, ListenerGuard guard)
    {
        if (listener.SocketPath is { } path)
        {
            kestrel.ListenUnixSocket(path, Use);
        }
        else if (listener.Address is { } address)
        {
            kestrel.Listen(address, Use);
        }

        void Use(ListenOptions options)
        {
            options.Protocols = listener.IsHttp1 ? HttpProtocols.Http1 : HttpProtocols.Http2;
            guard.Use(options);
            OpenConnections.Use(options);
        }
    }
}
