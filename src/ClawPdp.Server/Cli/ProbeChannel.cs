using System.Net.Sockets;
using Grpc.Net.Client;

namespace ClawPdp.Server.Cli;

/// <summary>Makes a channel that nothing secret goes through: to <c>HOST:PORT</c> in cleartext, or to <c>unix:/PATH</c>.</summary>
internal static class ProbeChannel
{
    private const string UnixPrefix = "unix:";

    /// <summary>Makes it; it connects when it is first used.</summary>
    /// <exception cref="InputException">The address is none.</exception>
    public static GrpcChannel Open(string address)
    {
        var isUnix = address.StartsWith(UnixPrefix, StringComparison.Ordinal) && address.Length > UnixPrefix.Length;
        if (!Uri.TryCreate("http://" + (isUnix ? "localhost" : address), UriKind.Absolute, out var uri) || uri.PathAndQuery is not "/" || uri.UserInfo.Length > 0)
        {
            throw new InputException($"--server: `{address}` is neither HOST:PORT nor unix:/PATH");
        }

        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        if (isUnix)
        {
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(address[UnixPrefix.Length..], cancellation);
        }

        return GrpcChannel.ForAddress(uri, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

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
