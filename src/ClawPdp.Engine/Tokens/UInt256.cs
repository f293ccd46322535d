using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ClawPdp.Engine.Tokens;

/// <summary>A SHA-256 value as a dictionary key: compared whole.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UInt256(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public static UInt256 Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
}
