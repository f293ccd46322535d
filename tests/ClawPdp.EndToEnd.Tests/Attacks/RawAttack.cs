using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ClawPdp.EndToEnd.Tests.Attacks;

/// <summary>Carries a row of the table out, and tells how its connections ended.</summary>
internal sealed class RawAttack
{
    private const int PieceSize = 64 * 1024;
    private const int KeptSize = 1024 * 1024;
    private const int GoAway = 7;

    private readonly JsonElement _row;
    private readonly int _port;

    public RawAttack(JsonElement row, int port)
    {
        _row = row;
        _port = port;
        Name = row.GetProperty("name").GetString() ?? "";
        Ends = row.GetProperty("ends").GetString() ?? "";
    }

    public string Name { get; }

    public string Ends { get; }

    /// <summary>Runs the attack.</summary>
    /// <param name="sending">How long it sends at most.</param>
    /// <param name="ending">How long it waits for the server to end a connection that it must end.</param>
    /// <returns>For each connection, whether the server ended it, and what came.</returns>
    public async Task<(bool Ended, byte[] Received)[]> RunAsync(TimeSpan sending, TimeSpan ending)
    {
        var count = _row.TryGetProperty("connections", out var connections) ? connections.GetInt32() : 1;
        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RunOneAsync(sending, ending)));
    }

    private async Task<(bool Ended, byte[] Received)> RunOneAsync(TimeSpan sending, TimeSpan ending)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port));
            using var stop = new CancellationTokenSource();
            var reading = ReadAsync(socket, stop.Token);
            using (var limit = new CancellationTokenSource(sending))
            {
                await SendAsync(socket, limit.Token);
            }

            // Where the server may go on serving the connection there is nothing to wait for.
            stop.CancelAfter(Ends == "any" ? TimeSpan.Zero : ending);
            return await reading;
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async Task SendAsync(Socket socket, CancellationToken limit)
    {
        try
        {
            foreach (var piece in Pieces())
            {
                for (var sent = 0; sent < piece.Length;)
                {
                    sent += await socket.SendAsync(piece.AsMemory(sent), limit);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The server takes no more, or has ended the connection: the reader knows.
        }
    }

    private IEnumerable<byte[]> Pieces()
    {
        var frames = new RawFrames();
        var isHttp2 = !_row.TryGetProperty("port", out _) && (!_row.TryGetProperty("preface", out var preface) || preface.GetBoolean());
        yield return isHttp2 ? RawFrames.Preface : [];
        foreach (var frame in FramesOf("opening"))
        {
            yield return frames.Write(frame);
        }

        yield return _row.TryGetProperty("text", out var text) ? Encoding.UTF8.GetBytes(text.GetString() ?? "") : [];
        var repeated = FramesOf("frames");
        var times = _row.TryGetProperty("times", out var told) ? told.GetInt32() : 0;
        var piece = new List<byte>(PieceSize);
        for (var time = 0; time < times; time++)
        {
            foreach (var frame in repeated)
            {
                piece.AddRange(frames.Write(frame));
            }

            if (piece.Count >= PieceSize)
            {
                yield return [.. piece];
                piece.Clear();
            }
        }

        yield return [.. piece];
    }

    private List<JsonElement> FramesOf(string name) => _row.TryGetProperty(name, out var frames) ? [.. frames.EnumerateArray()] : [];

    private static async Task<(bool Ended, byte[] Received)> ReadAsync(Socket socket, CancellationToken stop)
    {
        var received = new List<byte>();
        var buffer = new byte[PieceSize];
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer.AsMemory(), stop)) > 0)
            {
                if (received.Count < KeptSize)
                {
                    received.AddRange(buffer.AsSpan(0, count));
                }

                if (HasGoAway(received))
                {
                    break;
                }
            }

            return (true, [.. received]);
        }
        catch (SocketException)
        {
            return (true, [.. received]);
        }
        catch (OperationCanceledException)
        {
            return (false, [.. received]);
        }
    }

    // A GOAWAY says that the connection is over, whenever it is closed after it. What is no frame is not looked at.
    private static bool HasGoAway(List<byte> received)
    {
        for (var at = 0; at + 9 <= received.Count;)
        {
            if (received[at + 3] == GoAway)
            {
                return true;
            }

            at += 9 + (received[at] << 16) + (received[at + 1] << 8) + received[at + 2];
        }

        return false;
    }
}
