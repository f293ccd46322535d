using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ClawPdp.Engine.Revocations;

/// <summary>
/// A target of a revocation in 128 bits: the start of a SHA-256 over its kind and value. A million targets so fit into little memory,
/// and two that share their bits could only deny what neither names.
/// </summary>
internal static class RevocationMark
{
    private const int StackSizeMax = 1024;

    // +--------+-------------------+
    // | kind   | value             |
    // | 1 byte | rest, UTF-8       |
    // +--------+-------------------+
    public static UInt128 Of(RevocationKind kind, string value)
    {
        var size = 1 + System.Text.Encoding.UTF8.GetByteCount(value);
        var input = size <= StackSizeMax ? stackalloc byte[size] : new byte[size];
        input[0] = (byte)kind;
        System.Text.Encoding.UTF8.GetBytes(value, input[1..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
