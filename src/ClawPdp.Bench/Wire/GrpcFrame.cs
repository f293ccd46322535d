using System.Buffers.Binary;

namespace ClawPdp.Bench.Wire;

/// <summary>gRPC's frame around a message: a byte that says whether it is compressed, its length in four bytes, big-endian, the message.</summary>
internal static class GrpcFrame
{
    /// <summary>How long the part before the message is, in bytes.</summary>
    public const int HeadLength = 5;

    /// <summary>Stands for a length that is not known yet.</summary>
    public const int Incomplete = -1;

    /// <summary>Stands for a message that is compressed or too long.</summary>
    public const int Unusable = -2;

    /// <summary>Writes the part before an uncompressed message.</summary>
    public static void WriteHead(Span<byte> frame, int messageLength)
    {
        frame[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], messageLength);
    }

    /// <summary>Gives the length of the first message, or <see cref="Incomplete"/>, or <see cref="Unusable"/>.</summary>
    public static int MessageLength(ReadOnlySpan<byte> bytes, int lengthMax)
    {
        if (bytes.Length < HeadLength)
        {
            return Incomplete;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        return bytes[0] == 0 && length <= lengthMax ? (int)length : Unusable;
    }

    /// <summary>Gives the one message of an answer; false where there is not exactly one.</summary>
    public static bool TryReadOnly(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> message)
    {
        var length = MessageLength(bytes, int.MaxValue - HeadLength);
        message = length >= 0 && bytes.Length == length + HeadLength ? bytes[HeadLength..] : default;
        return length >= 0 && bytes.Length == length + HeadLength;
    }
}
