using System.Buffers.Binary;
using System.Net.Sockets;

namespace ClawPdp.Server.Keys.Signers;

/// <summary>
/// What a sidecar and a signer say to each other over a Unix socket, one question at a time.
/// </summary>
/// <remarks>
/// <code>
/// question: length (4, big-endian; 0 asks for the public key) | message
/// answer:   00 | signature (64), or public key (32)
///           01, which refuses, and the connection ends
/// </code>
/// </remarks>
internal static class SignerProtocol
{
    /// <summary>The longest message, in bytes: more than the longest token has.</summary>
    public const int MessageMaxBytes = 64 * 1024;

    /// <summary>The length of a question's head.</summary>
    public const int HeadBytes = 4;

    /// <summary>Stands before a good answer.</summary>
    public const byte Good = 0;

    /// <summary>The whole of a refusal.</summary>
    public const byte Refused = 1;

    /// <summary>Gives the bytes of a question.</summary>
    public static byte[] Question(ReadOnlySpan<byte> message)
    {
        var question = new byte[HeadBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(question, message.Length);
        message.CopyTo(question.AsSpan(HeadBytes));
        return question;
    }

    /// <summary>Fills a buffer; false when the other side has ended.</summary>
    /// <exception cref="SocketException">The connection broke, or nothing came in time.</exception>
    public static bool TryFill(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = socket.Receive(buffer);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }

    /// <summary>Sends all of it.</summary>
    /// <exception cref="SocketException">The connection broke, or nothing was taken in time.</exception>
    public static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }
}
