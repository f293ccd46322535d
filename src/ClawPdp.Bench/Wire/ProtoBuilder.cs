using System.Buffers;
using System.Text;

namespace ClawPdp.Bench.Wire;

/// <summary>Writes fields of a Protocol Buffers message (protobuf.dev/programming-guides/encoding); default values are left out.</summary>
internal sealed class ProtoBuilder
{
    private const int LengthDelimited = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public ProtoBuilder Text(int field, string value) => value.Length == 0 ? this : Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoBuilder Bytes(int field, ReadOnlySpan<byte> value)
    {
        Head(field, value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoBuilder Number(int field, uint value)
    {
        Varint((uint)field << 3);
        Varint(value);
        return this;
    }

    /// <summary>Writes what stands before a value of a length; the caller appends the value.</summary>
    public ProtoBuilder Head(int field, int length)
    {
        Varint(((uint)field << 3) | LengthDelimited);
        Varint((uint)length);
        return this;
    }

    private void Varint(uint value)
    {
        Span<byte> digits = stackalloc byte[5];
        _bytes.Write(digits[..WriteVarint(digits, value)]);
    }

    /// <summary>Writes a number, and tells how many bytes it took.</summary>
    public static int WriteVarint(Span<byte> destination, uint value)
    {
        var written = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[written++] = (byte)((value & 0x7f) | 0x80);
        }

        destination[written++] = (byte)value;
        return written;
    }
}
