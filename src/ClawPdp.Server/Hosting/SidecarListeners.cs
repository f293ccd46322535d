using System.Net.Sockets;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClawPdp.Server.Hosting;

/// <summary>Where the sidecar listens, and the limits of its connections.</summary>
internal static class SidecarListeners
{
    // Owner and group, as the default of a service shared by one agent host.
    private const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    // What one connection may have under way; further streams wait at the caller.
    private const int StreamsPerConnectionMax = 256;

    // A caller on another host that is gone without a word leaves its connection, and its place, within these together.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Configures Kestrel.</summary>
    /// <param name="host">The host.</param>
    /// <param name="listen">Where it listens.</param>
    /// <param name="connectionsMax">How many connections each listener takes.</param>
    public static void Configure(IWebHostBuilder host, ListenSettings listen, int connectionsMax)
    {
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestLimits.MessageMax + 1024;
            kestrel.Limits.MaxConcurrentConnections = connectionsMax;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;
            kestrel.Limits.Http2.KeepAlivePingDelay = PingDelay;
            kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;
            if (listen.Grpc is { } grpc)
            {
                kestrel.Listen(grpc, static options => Use(options, HttpProtocols.Http2));
            }

            if (listen.Http is { } http)
            {
                kestrel.Listen(http, static options => Use(options, HttpProtocols.Http1));
            }

            if (listen.UnixSocketPath is { } path)
            {
                kestrel.ListenUnixSocket(path, static options => Use(options, HttpProtocols.Http2));
            }
        });
    }

    /// <summary>Removes a socket file that a process left behind; one that answers is somebody else's.</summary>
    /// <exception cref="StartFaultException">Another process listens there, or the path is not a socket.</exception>
    public static void ClearStaleSocket(ListenSettings listen)
    {
        if (listen.UnixSocketPath is not { } path || !File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && new FileInfo(path).Length == 0)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw new StartFaultException($"{path}: the path is taken by something that is no socket of ours", exception);
        }

        throw new StartFaultException($"{path}: another process listens on this socket");
    }

    /// <summary>Gives the socket its mode once it is there.</summary>
    public static void OpenSocket(ListenSettings listen)
    {
        if (listen.UnixSocketPath is { } path)
        {
            File.SetUnixFileMode(path, SocketMode);
        }
    }

    private static void Use(ListenOptions options, HttpProtocols protocols)
    {
        options.Protocols = protocols;
        PeerNaming.Use(options);
        OpenConnections.Use(options);
    }
}
