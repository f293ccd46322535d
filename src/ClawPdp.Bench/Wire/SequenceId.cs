namespace ClawPdp.Bench.Wire;

/// <summary>A question's number as 16 hexadecimal digits, which goes out as its request id or nonce and must come back.</summary>
internal static class SequenceId
{
    public const int Length = 16;

    public static void Write(Span<byte> destination, long sequence)
    {
        for (var index = Length - 1; index >= 0; index--)
        {
            destination[index] = "0123456789abcdef"u8[(int)(sequence & 15)];
            sequence >>= 4;
        }
    }

    public static bool Equals(ReadOnlySpan<byte> text, long sequence)
    {
        Span<byte> expected = stackalloc byte[Length];
        Write(expected, sequence);
        return text.SequenceEqual(expected);
    }
}
