namespace ClawPdp.Server.Direct;

/// <summary>
/// Reads the fields of a Protocol Buffers message one after the other (protobuf.dev, "Encoding"). What is not plain, such as a group or a
/// message that ends too early, is refused: then the general parser has its say.
/// </summary>
internal ref struct WireCursor
{
    private const int WireTypeBits = 3;
    private const int VarintLengthMax = 10;

    private readonly ReadOnlySpan<byte> _message;
    private int _place;

    public WireCursor(ReadOnlySpan<byte> message)
    {
        _message = message;
        _place = 0;
    }

    /// <summary>Gets the number of the field.</summary>
    public uint Field { get; private set; }

    /// <summary>Gets where the field's content starts; set for fields with a length.</summary>
    public int Start { get; private set; }

    /// <summary>Gets the size of the field's content in bytes; -1 for a field that has none.</summary>
    public int Size { get; private set; }

    /// <summary>Gets a value indicating whether all was read, and was plain.</summary>
    public readonly bool IsAtEnd => _place == _message.Length;

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end, and at what is not plain.</returns>
    public bool Next()
    {
        if (IsAtEnd)
        {
            return false;
        }

        var before = _place;
        if (TryReadVarint(out var tag) && tag <= uint.MaxValue && tag >> WireTypeBits != 0 && TryPass((int)(tag & 7)))
        {
            Field = (uint)(tag >> WireTypeBits);
            return true;
        }

        // Not at the end, so the reader sees that something is left.
        _place = before;
        return false;
    }

    private bool TryPass(int wireType)
    {
        Size = -1;
        switch (wireType)
        {
            case 0:
                return TryReadVarint(out _);
            case 1:
                return TrySkip(sizeof(ulong));
            case 2:
                if (!TryReadVarint(out var size) || size > (ulong)(_message.Length - _place))
                {
                    return false;
                }

                Start = _place;
                Size = (int)size;
                return TrySkip(Size);
            case 5:
                return TrySkip(sizeof(uint));
            default:
                return false;
        }
    }

    private bool TrySkip(int size)
    {
        if (_message.Length - _place < size)
        {
            return false;
        }

        _place += size;
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var count = 0; count < VarintLengthMax && _place < _message.Length; count++)
        {
            var next = _message[_place++];
            value |= (ulong)(next & 0x7F) << (7 * count);
            if (next < 0x80)
            {
                // The tenth byte has room for one bit more.
                return count < VarintLengthMax - 1 || next <= 1;
            }
        }

        return false;
    }
}
