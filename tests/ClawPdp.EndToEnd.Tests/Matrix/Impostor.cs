using System.Net;
using System.Net.Sockets;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>Something that listens where the sidecar should, and answers whatever comes with the same bytes.</summary>
internal sealed class Impostor : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly byte[] _answer;
    private readonly bool _closes;
    private readonly Task _serving;

    /// <param name="answer">What it sends as soon as somebody connects.</param>
    /// <param name="closes">Whether it closes then; otherwise it says nothing more.</param>
    /// <param name="port">Where it listens.</param>
    public Impostor(byte[] answer, bool closes, int port)
    {
        _answer = answer;
        _closes = closes;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var sockets = new List<Socket>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                sockets.Add(socket);
                await AnswerAsync(socket);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The row is over.
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync(_answer.AsMemory(), _stopping.Token);
            if (_closes)
            {
                socket.Dispose();
            }
        }
        catch (SocketException)
        {
            // Whoever asked is gone already.
        }
    }
}
