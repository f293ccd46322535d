using System.Net.Sockets;

namespace ClawPdp.EndToEnd.Tests.Conformance;

/// <summary>Connects HTTP clients to a Unix socket.</summary>
internal static class UnixSocket
{
    /// <summary>Makes a handler whose connections all go to a socket.</summary>
    public static SocketsHttpHandler Handler(string path) => new()
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
