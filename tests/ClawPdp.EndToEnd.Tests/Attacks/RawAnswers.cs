using System.Buffers.Binary;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.EndToEnd.Tests.Attacks;

/// <summary>Looks for allows in what a server sent.</summary>
internal static class RawAnswers
{
    private const int PrefixSize = 5;

    /// <summary>Tells whether a DATA frame holds an answer that allows; what is no frame or no answer allows nothing.</summary>
    public static bool AnyAllows(ReadOnlySpan<byte> received)
    {
        for (var rest = received; rest.Length >= 9;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest) >>> 8;
            if (rest.Length < 9 + length)
            {
                return false;
            }

            if (rest[3] == 0 && length > PrefixSize && Allows(rest.Slice(9 + PrefixSize, length - PrefixSize)))
            {
                return true;
            }

            rest = rest[(9 + length)..];
        }

        return false;
    }

    private static bool Allows(ReadOnlySpan<byte> message)
    {
        try
        {
            return AuthorizeResponse.Parser.ParseFrom(message).Effect == Effect.Allow;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
