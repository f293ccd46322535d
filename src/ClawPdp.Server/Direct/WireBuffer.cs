using System.Text;

namespace ClawPdp.Server.Direct;

/// <summary>Writes the fields of a Protocol Buffers message into memory that is large enough; empty and zero fields are left out.</summary>
internal ref struct WireBuffer
{
    private const int WireTypeBits = 3;
    private const uint WireTypeLength = 2;

    private readonly Span<byte> _bytes;

    public WireBuffer(Span<byte> bytes)
    {
        _bytes = bytes;
        Size = 0;
    }

    /// <summary>Gets how much was written, in bytes.</summary>
    public int Size { get; private set; }

    /// <summary>Writes a number.</summary>
    public void Number(uint field, ulong value)
    {
        if (value != 0)
        {
            Varint(field << WireTypeBits);
            Varint(value);
        }
    }

    /// <summary>Writes a text.</summary>
    public void Text(uint field, string value)
    {
        if (value.Length > 0)
        {
            Item(field, value);
        }
    }

    /// <summary>Writes a text that may be empty, as an item of a list.</summary>
    public void Item(uint field, string value)
    {
        Head(field, Encoding.UTF8.GetByteCount(value));
        Raw(value);
    }

    /// <summary>Writes a text that is UTF-8 already.</summary>
    public void Text(uint field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            Head(field, value.Length);
            value.CopyTo(_bytes[Size..]);
            Size += value.Length;
        }
    }

    /// <summary>Writes a text of two parts, the second in backticks after a space.</summary>
    public void Text(uint field, string words, string name)
    {
        Head(field, Encoding.UTF8.GetByteCount(words) + Encoding.UTF8.GetByteCount(name) + " ``".Length);
        Raw(words);
        Raw(" `");
        Raw(name);
        Raw("`");
    }

    /// <summary>Writes a <c>google.protobuf.Timestamp</c> or <c>Duration</c> that is not negative, be it zero.</summary>
    public void Instant(uint field, long seconds, int nanoseconds)
    {
        // Both numbers take ten bytes and five at most, so the size fits into one.
        Head(field, 0);
        var before = Size;
        Number(1, (ulong)seconds);
        Number(2, (ulong)nanoseconds);
        _bytes[before - 1] = (byte)(Size - before);
    }

    private void Head(uint field, int size)
    {
        Varint((field << WireTypeBits) | WireTypeLength);
        Varint((ulong)size);
    }

    private void Raw(string text) => Size += Encoding.UTF8.GetBytes(text, _bytes[Size..]);

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes[Size++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        _bytes[Size++] = (byte)value;
    }
}
