using System.Net.Sockets;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Keys.Signers;

/// <summary>
/// A key that a signer process holds. Each signature is verified before it is used; whatever goes wrong is a refusal within two seconds, and
/// at once for a second after that, so that a signer that hangs does not hold up all who wait. Safe for concurrent use.
/// </summary>
internal sealed class SocketSigner : ISigner
{
    private const int SignatureBytes = 64;
    private const int PublicKeyBytes = 32;

    private static readonly TimeSpan PatienceDefault = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Has the form of a token's input, and its header is none.
    private static readonly byte[] Probe = "clawpdp.probe"u8.ToArray();

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private Socket? _socket;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;
    private bool _isAway;

    /// <param name="publicKey">The key's public half.</param>
    /// <param name="path">The signer's socket.</param>
    /// <param name="time">The clock.</param>
    /// <param name="patience">How long each step may take; two seconds when absent.</param>
    public SocketSigner(Ed25519PublicKey publicKey, string path, TimeProvider time, TimeSpan? patience = null)
    {
        _patience = patience ?? PatienceDefault;
        PublicKey = publicKey;
        _path = path;
        _time = time;
    }

    /// <inheritdoc/>
    public Ed25519PublicKey PublicKey { get; }

    /// <inheritdoc/>
    public bool IsAway => Volatile.Read(ref _isAway);

    /// <summary>Asks a signer which key it holds.</summary>
    /// <exception cref="SignerUnavailableException">It does not answer, or with no key.</exception>
    public static Ed25519PublicKey PublicKeyOf(string path)
    {
        try
        {
            using var socket = Connect(path, PatienceDefault);
            var raw = Ask(socket, SignerProtocol.Question([]), PublicKeyBytes);
            return raw is not null && Ed25519PublicKey.TryFromRaw(raw, out var key) ? key : throw Unavailable(path, "it names no key", inner: null);
        }
        catch (SocketException exception)
        {
            throw Unavailable(path, exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = Ask(SignerProtocol.Question(message), SignatureBytes);
        var isGood = PublicKey.Verify(message, signature);
        Told(isGood);
        return isGood ? signature : throw Unavailable(_path, "its signature does not verify", inner: null);
    }

    /// <inheritdoc/>
    public void Check()
    {
        if (!Ask(SignerProtocol.Question([]), PublicKeyBytes).AsSpan().SequenceEqual(PublicKey.Raw.Span))
        {
            Told(isGood: false);
            throw Unavailable(_path, "it holds another key", inner: null);
        }

        // A process may answer whose module does not sign: a failure is over with the next good signature alone.
        if (IsAway)
        {
            _ = Sign(Probe);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _socket?.Dispose();
            _socket = null;
        }
    }

    private static SignerUnavailableException Unavailable(string path, string why, Exception? inner)
    {
        var message = $"the signer at `{path}` gave no signature: {why}";
        return inner is null ? new SignerUnavailableException(message) : new SignerUnavailableException(message, inner);
    }

    private static Socket Connect(string path, TimeSpan patience)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            SendTimeout = (int)patience.TotalMilliseconds,
            ReceiveTimeout = (int)patience.TotalMilliseconds,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static byte[]? Ask(Socket socket, byte[] question, int length)
    {
        SignerProtocol.Send(socket, question);
        var answer = new byte[1 + length];
        return SignerProtocol.TryFill(socket, answer.AsSpan(0, 1)) && answer[0] == SignerProtocol.Good && SignerProtocol.TryFill(socket, answer.AsSpan(1))
            ? answer[1..]
            : null;
    }

    private void Told(bool isGood) => Volatile.Write(ref _isAway, !isGood);

    private byte[] Ask(byte[] question, int length)
    {
        if (!_lock.TryEnter(_patience))
        {
            throw Unavailable(_path, "others wait for it", inner: null);
        }

        try
        {
            return _time.GetUtcNow() < _pausedUntil ? throw Unavailable(_path, "it failed a moment ago", inner: null) : AskHeld(question, length);
        }
        finally
        {
            _lock.Exit();
        }
    }

    private byte[] AskHeld(byte[] question, int length)
    {
        try
        {
            // A connection from before may be to a signer that was started again since: another one decides.
            if (_socket is not null && TryAskAgain(_socket, question, length) is { } answer)
            {
                return answer;
            }

            Drop();
            _socket = Connect(_path, _patience);
            return Ask(_socket, question, length) ?? throw Failed("it refused", inner: null);
        }
        catch (SocketException exception)
        {
            throw Failed(exception.Message, exception);
        }
    }

    private static byte[]? TryAskAgain(Socket socket, byte[] question, int length)
    {
        try
        {
            return Ask(socket, question, length);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is not (SocketError.TimedOut or SocketError.WouldBlock))
        {
            return null;
        }
    }

    private SignerUnavailableException Failed(string why, Exception? inner)
    {
        Drop();
        Told(isGood: false);
        _pausedUntil = _time.GetUtcNow() + Pause;
        return Unavailable(_path, why, inner);
    }

    private void Drop()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
