using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ClawPdp.Core.Faults;

namespace ClawPdp.Bench.Transport;

/// <summary>Where the calls go: a gRPC address over TCP, or a Unix socket.</summary>
public sealed class BenchTarget
{
    private const string UnixPrefix = "unix:";

    private BenchTarget(Uri address, string? socketPath, string text)
    {
        Address = address;
        SocketPath = socketPath;
        Text = text;
    }

    /// <summary>Gets the address that requests name.</summary>
    public Uri Address { get; }

    /// <summary>Gets the Unix socket's path; <see langword="null"/> for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Gets the target as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a target.</summary>
    /// <param name="text">Such as <c>http://127.0.0.1:7080</c> or <c>unix:/run/clawpdp.sock</c>.</param>
    /// <param name="allowRemote">Whether it may be another machine.</param>
    /// <param name="faults">Receives what is wrong with it.</param>
    /// <returns>The target; <see langword="null"/> where there is a fault.</returns>
    public static BenchTarget? Read(string text, bool allowRemote, ImmutableArray<Fault>.Builder faults)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            var path = text[UnixPrefix.Length..];
            if (path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal))
            {
                return new BenchTarget(new Uri("http://localhost"), path, text);
            }
        }
        else if (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && address.AbsolutePath is "/"
            && address.UserInfo.Length + address.Query.Length == 0)
        {
            if (allowRemote || IsLoopback(address))
            {
                return new BenchTarget(address, null, text);
            }

            faults.Add(new Fault("--server", $"`{address.Host}` is not loopback: load on another machine needs --allow-remote"));
            return null;
        }

        faults.Add(new Fault("--server", "an address such as http://127.0.0.1:7080 or unix:/path/to.sock is expected"));
        return null;
    }

    /// <summary>Makes a handler with one connection of its own.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        if (SocketPath is { } path)
        {
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(path, cancellation);
        }

        return handler;
    }

    private static bool IsLoopback(Uri address) => address.IsLoopback && (address.Host is "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
