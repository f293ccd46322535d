using System.Buffers;
using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Grammar;

/// <summary>An IP address; a v6 address that maps a v4 one (RFC 4291 section 2.5.5.2) is that v4 address.</summary>
public readonly record struct IpAddress(bool IsV6, UInt128 Bits)
{
    private const int GroupCount = 8;

    // Looked for by ourselves, since parsers of numbers pass over NULs at the end.
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Gets the number of bits of an address of this family.</summary>
    public int Width => IsV6 ? 128 : 32;

    /// <summary>Reads a plain dotted quad: four decimal numbers up to 255 without leading zeros.</summary>
    public static bool TryParseV4(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        Span<Range> parts = stackalloc Range[5];
        if (text.Length > 15 || text.Split(parts, '.') != 4)
        {
            return false;
        }

        var bits = 0u;
        for (var index = 0; index < 4; index++)
        {
            var part = text[parts[index]];
            if (part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9') || (part.Length > 1 && part[0] == '0')
                || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            bits = (bits << 8) | octet;
        }

        address = new IpAddress(IsV6: false, bits);
        return true;
    }

    /// <summary>Reads the text forms of RFC 4291 section 2.2, without brackets and without a zone.</summary>
    public static bool TryParseV6(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (text.Length is < 2 or > 45)
        {
            return false;
        }

        var gap = text.IndexOf("::", StringComparison.Ordinal);
        var head = gap < 0 ? text : text[..gap];
        var tail = gap < 0 ? [] : text[(gap + 2)..];
        if (!TryReadGroups(head, gap < 0, out var headBits, out var headCount) || !TryReadGroups(tail, gap >= 0, out var tailBits, out var tailCount))
        {
            return false;
        }

        // A gap stands for at least one group of zeros.
        if (gap < 0 ? headCount != GroupCount : headCount + tailCount >= GroupCount)
        {
            return false;
        }

        var shift = 16 * (GroupCount - headCount);
        var bits = (shift == 128 ? UInt128.Zero : headBits << shift) | tailBits;
        address = bits >> 32 == 0xFFFF ? new IpAddress(IsV6: false, bits & uint.MaxValue) : new IpAddress(IsV6: true, bits);
        return true;
    }

    /// <summary>Reads an address of either family; one of v6 may stand in brackets.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address) =>
        TryParseV4(text, out address) || TryParseV6(text is ['[', .., ']'] ? text[1..^1] : text, out address);

    /// <summary>Tells whether the first bits of two addresses of one family are equal.</summary>
    public bool SharesPrefix(IpAddress other, int length) =>
        IsV6 == other.IsV6 && (length == 0 || (Bits ^ other.Bits) >> (Width - length) == UInt128.Zero);

    /// <summary>Writes a dotted quad, or the form of RFC 5952 in brackets.</summary>
    public override string ToString()
    {
        if (!IsV6)
        {
            var quad = (uint)Bits;
            return string.Create(CultureInfo.InvariantCulture, $"{quad >> 24}.{(quad >> 16) & 255}.{(quad >> 8) & 255}.{quad & 255}");
        }

        var (zerosAt, zerosCount) = LongestZeros();
        var text = new StringBuilder("[");
        for (var index = 0; index < GroupCount; index++)
        {
            if (index == zerosAt)
            {
                text.Append("::");
                index += zerosCount - 1;
                continue;
            }

            if (text[^1] is not ('[' or ':'))
            {
                text.Append(':');
            }

            text.Append(Group(index).ToString("x", CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }

    private static bool TryReadGroups(ReadOnlySpan<char> text, bool isLast, out UInt128 bits, out int count)
    {
        (bits, count) = (0, 0);
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var range in text.Split(':'))
        {
            var group = text[range];
            var isEnd = range.End.GetOffset(text.Length) == text.Length;
            if (isEnd && isLast && TryParseV4(group, out var quad))
            {
                bits = (bits << 32) | quad.Bits;
                count += 2;
            }
            else if (group.Length is > 0 and <= 4 && !group.ContainsAnyExcept(HexDigits) && ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bits = (bits << 16) | value;
                count++;
            }
            else
            {
                return false;
            }
        }

        return count <= GroupCount;
    }

    private ushort Group(int index) => (ushort)(Bits >> (16 * (GroupCount - 1 - index)) & ushort.MaxValue);

    private (int At, int Count) LongestZeros()
    {
        var (bestAt, bestCount) = (-1, 1);
        for (var start = 0; start < GroupCount; start++)
        {
            var count = 0;
            while (start + count < GroupCount && Group(start + count) == 0)
            {
                count++;
            }

            if (count > bestCount)
            {
                (bestAt, bestCount) = (start, count);
            }
        }

        return (bestAt, bestCount);
    }
}
