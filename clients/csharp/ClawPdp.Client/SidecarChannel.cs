using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;

namespace ClawPdp.Client;

/// <summary>Makes the channel to a sidecar. It connects when it is first used.</summary>
internal static class SidecarChannel
{
    private const string UnixPrefix = "unix:";

    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Makes it.</summary>
    /// <param name="options">The options.</param>
    /// <param name="uri">Receives its address, as calls name it.</param>
    /// <exception cref="ArgumentException">The address is none, or would send a token in cleartext to another host.</exception>
    public static GrpcChannel Open(ClawPdpClientOptions options, out Uri uri)
    {
        var address = options.Address ?? Environment.GetEnvironmentVariable(ClawPdpClientOptions.AddressVariable) ?? ClawPdpClientOptions.AddressDefault;

        // Nothing between the caller and its sidecar may repeat, redirect or compress a call.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
        };
        if (options.Tls is { } tls)
        {
            handler.SslOptions = tls;
        }

        var scheme = options.Tls is null ? "http" : "https";
        var authority = address;
        if (address.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            handler.ConnectCallback = ConnectTo(address[UnixPrefix.Length..]);
            authority = "localhost";
        }
        else
        {
            CheckHost(address, options);
        }

        uri = new Uri($"{scheme}://{authority}");
        return GrpcChannel.ForAddress(uri, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxRetryAttempts = 1,
            ThrowOperationCanceledOnCancellation = false,

            // Proofs of a holder's key go where the token itself goes.
            UnsafeUseInsecureChannelCallCredentials = options.HolderKey is not null && options.Tls is null,
        });
    }

    private static void CheckHost(string address, ClawPdpClientOptions options)
    {
        if (!Uri.TryCreate("http://" + address, UriKind.Absolute, out var uri)
            || uri.PathAndQuery is not "/" || address.EndsWith('/') || uri.UserInfo.Length > 0 || !HasPort(address))
        {
            throw new ArgumentException("an address is HOST:PORT or unix:/PATH", nameof(options));
        }

        if (options.Tls is null && !options.AllowCleartextToOtherHosts && !IsThisHost(uri.DnsSafeHost))
        {
            throw new ArgumentException(
                $"a sidecar that is not on this host needs {nameof(options.Tls)}, or {nameof(options.AllowCleartextToOtherHosts)} where the network is trusted",
                nameof(options));
        }
    }

    private static bool HasPort(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), System.Globalization.NumberStyles.None, provider: null, out _);
    }

    private static bool IsThisHost(string host) =>
        host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> ConnectTo(string path)
    {
        if (path.Length == 0)
        {
            throw new ArgumentException("an address is HOST:PORT or unix:/PATH", nameof(path));
        }

        var endPoint = new UnixDomainSocketEndPoint(path);
        return async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(endPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
    }
}
