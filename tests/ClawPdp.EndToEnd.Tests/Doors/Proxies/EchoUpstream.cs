using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClawPdp.EndToEnd.Tests.Doors.Proxies;

/// <summary>An upstream on loopback that answers with the head of the request that it got.</summary>
internal sealed class EchoUpstream : IAsyncDisposable
{
    private const int HeadSizeMaxBytes = 65_536;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public EchoUpstream()
    {
        _listener.Start();
        Address = ((IPEndPoint)_listener.LocalEndpoint).ToString();
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Gets how many requests came through.</summary>
    public int Count { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var head = new byte[HeadSizeMaxBytes];
        var length = 0;
        while (!head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var read = await stream.ReadAsync(head.AsMemory(length), _stopping.Token);
            if (read == 0)
            {
                return;
            }

            length += read;
        }

        Count++;
        var status = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(status), _stopping.Token);
        await stream.WriteAsync(head.AsMemory(0, length), _stopping.Token);
    }
}
