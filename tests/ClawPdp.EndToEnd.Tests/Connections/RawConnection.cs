using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ClawPdp.EndToEnd.Tests.Attacks;

namespace ClawPdp.EndToEnd.Tests.Connections;

/// <summary>A connection on which nothing is sent but what a test says.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    /// <summary>Gets the opening of HTTP/2.</summary>
    public static byte[] Preface => RawFrames.Preface;

    /// <summary>Gets the headers of a question whose body never comes.</summary>
    public static byte[] Headers
    {
        get
        {
            using var frame = JsonDocument.Parse("""{"type": "HEADERS", "flags": 4, "stream": "new", "payload": "request"}""");
            return new RawFrames().Write(frame.RootElement);
        }
    }

    /// <summary>Opens one.</summary>
    /// <param name="to">An address on this host, or a Unix socket.</param>
    /// <param name="sent">What is sent at once; what is not taken any more is nobody's fault.</param>
    public static async Task<RawConnection> OpenAsync(EndPoint to, params byte[] sent)
    {
        var socket = to is IPEndPoint
            ? new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(to);
        try
        {
            await socket.SendAsync(sent);
        }
        catch (SocketException)
        {
            // Closed before it was sent.
        }

        return new RawConnection(socket);
    }

    /// <summary>Tells whether the other side closes the connection within a time.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        using var limit = new CancellationTokenSource(time);
        var buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(), limit.Token) > 0)
            {
                // What comes before the end does not matter.
            }

            return true;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Tells whether the other side says something before it closes the connection.</summary>
    public async Task<bool> IsAnsweredAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            return await _socket.ReceiveAsync(new byte[9].AsMemory(), limit.Token) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
