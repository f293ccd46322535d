using System.Net;
using System.Net.Sockets;

namespace ClawPdp.Client.Tests;

/// <summary>A loopback port where no sidecar is: <c>none</c> listens at all, <c>closes</c> ends each connection at once, <c>silent</c> says nothing.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _kept = [];
    private readonly Task _accepting = Task.CompletedTask;

    public Listener(string? kind)
    {
        _listener.Start();
        Address = _listener.LocalEndpoint.ToString() ?? "";
        if (kind is "none")
        {
            _listener.Stop();
        }
        else
        {
            _accepting = AcceptAsync(kind is "closes");
        }
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _kept.ForEach(static socket => socket.Dispose());
    }

    private async Task AcceptAsync(bool closes)
    {
        try
        {
            for (; ; )
            {
                var socket = await _listener.AcceptSocketAsync();
                if (closes)
                {
                    socket.Dispose();
                }
                else
                {
                    _kept.Add(socket);
                }
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The end of the listener is the end of its connections.
        }
    }
}
