namespace ClawPdp.Bench.Wire;

/// <summary>Walks over the fields of a Protocol Buffers message without keeping any of it: enough to check an answer for the price of a glance.</summary>
internal ref struct ProtoFields
{
    private const int VarintLengthMax = 10;

    private ReadOnlySpan<byte> _rest;

    public ProtoFields(ReadOnlySpan<byte> message)
    {
        _rest = message;
    }

    /// <summary>Gets the field's number.</summary>
    public int Field { get; private set; }

    /// <summary>Gets the value of a varint field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Gets the value of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Gets a value indicating whether the message is cut off or no message.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        if (_rest.IsEmpty || IsBroken)
        {
            return false;
        }

        IsBroken = !TryRead(out var tag) || tag >> 3 is 0 or > int.MaxValue || !TryReadValue((int)(tag & 7));
        Field = IsBroken ? 0 : (int)(tag >> 3);
        return !IsBroken;
    }

    private bool TryReadValue(int kind)
    {
        Number = 0;
        Bytes = default;
        switch (kind)
        {
            case 0:
                var isRead = TryRead(out var number);
                Number = number;
                return isRead;
            case 1:
                return TryTake(8);
            case 2:
                return TryRead(out var length) && length <= int.MaxValue && TryTake((int)length);
            case 5:
                return TryTake(4);
            default:
                return false;
        }
    }

    private bool TryTake(int length)
    {
        if (length > _rest.Length)
        {
            return false;
        }

        Bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    private bool TryRead(out ulong value)
    {
        value = 0;
        for (var index = 0; index < _rest.Length && index < VarintLengthMax; index++)
        {
            value |= (ulong)(_rest[index] & 0x7f) << (7 * index);
            if (_rest[index] < 0x80)
            {
                _rest = _rest[(index + 1)..];
                return true;
            }
        }

        return false;
    }
}
