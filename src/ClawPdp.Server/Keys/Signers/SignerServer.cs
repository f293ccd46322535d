using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;

namespace ClawPdp.Server.Keys.Signers;

/// <summary>Answers a sidecar's questions with the key of a module, and signs nothing but what a token key signs.</summary>
internal sealed class SignerServer : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode WithGroup = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const int Backlog = 16;

    private static readonly SearchValues<byte> Base64UrlUnits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _publicKey;
    private readonly Func<byte[], byte[]> _sign;

    /// <param name="path">The socket, where nothing lies.</param>
    /// <param name="groupMayAsk">Whether the group of the socket's folder may ask, too.</param>
    /// <param name="publicKey">The key's public half.</param>
    /// <param name="sign">Signs a message.</param>
    /// <exception cref="SocketException">The socket cannot be made.</exception>
    public SignerServer(string path, bool groupMayAsk, byte[] publicKey, Func<byte[], byte[]> sign)
    {
        _publicKey = publicKey;
        _sign = sign;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, groupMayAsk ? WithGroup : OwnerOnly);
        _listener.Listen(Backlog);
    }

    /// <summary>Tells whether a message is one that a token key signs: the input of a token, or a list of keys.</summary>
    public static bool IsTokens(ReadOnlySpan<byte> message)
    {
        if (message.StartsWith("{\"snapshot_version\":"u8))
        {
            return message[^1] == (byte)'}';
        }

        var dot = message.IndexOf((byte)'.');
        return dot > 0 && dot < message.Length - 1 && IsBase64Url(message[..dot]) && IsBase64Url(message[(dot + 1)..]);
    }

    /// <summary>Answers until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(stopping);
                _ = Task.Factory.StartNew(() => Serve(socket), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <inheritdoc/>
    // The runtime removes the file of a socket that it made.
    public void Dispose() => _listener.Dispose();

    private static bool IsBase64Url(ReadOnlySpan<byte> text) =>
        !text.ContainsAnyExcept(Base64UrlUnits);

    private void Serve(Socket socket)
    {
        using (socket)
        {
            try
            {
                while (TryAnswer(socket))
                {
                }
            }
            catch (SocketException)
            {
                // Whoever asked is gone.
            }
        }
    }

    private bool TryAnswer(Socket socket)
    {
        var head = new byte[SignerProtocol.HeadBytes];
        if (!SignerProtocol.TryFill(socket, head))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length is < 0 or > SignerProtocol.MessageMaxBytes)
        {
            SignerProtocol.Send(socket, [SignerProtocol.Refused]);
            return false;
        }

        var message = new byte[length];
        if (!SignerProtocol.TryFill(socket, message))
        {
            return false;
        }

        if (length > 0 && !IsTokens(message))
        {
            SignerProtocol.Send(socket, [SignerProtocol.Refused]);
            return false;
        }

        return TrySend(socket, message);
    }

    private bool TrySend(Socket socket, byte[] message)
    {
        try
        {
            SignerProtocol.Send(socket, [SignerProtocol.Good, .. message.Length == 0 ? _publicKey : _sign(message)]);
            return true;
        }
        catch (Pkcs11Exception)
        {
            SignerProtocol.Send(socket, [SignerProtocol.Refused]);
            return false;
        }
    }
}
