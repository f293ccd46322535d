using System.Globalization;

namespace ClawPdp.Core.Grammar;

/// <summary>A block of addresses of one family (CIDR, RFC 4632); one address is the block of full length.</summary>
/// <param name="Start">The first address; all bits beyond the prefix are zero.</param>
/// <param name="Length">The prefix length: 0 to 32 for v4, 0 to 128 for v6.</param>
internal readonly record struct IpNetwork(IpAddress Start, int Length)
{
    /// <summary>Gets the two halves; only for networks of more than one address.</summary>
    public (IpNetwork Lower, IpNetwork Upper) Halves
    {
        get
        {
            var middle = new IpAddress(Start.IsV6, Start.Bits | (UInt128.One << (Start.Width - Length - 1)));
            return (new IpNetwork(Start, Length + 1), new IpNetwork(middle, Length + 1));
        }
    }

    /// <summary>Gets a value indicating whether this is one address.</summary>
    public bool IsSingle => Length == Start.Width;

    /// <summary>
    /// Reads <c>10.0.0.0/8</c>, <c>[2001:db8::]/32</c> or <c>2001:db8::/32</c>. Bits beyond the prefix are refused, and so are
    /// blocks of mapped v6 addresses: those are v4 addresses, and their prefix would count other bits.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (slash < 1 || !TryParseStart(text[..slash], out var start) || !TryParseLength(text[(slash + 1)..], start.Width, out var length))
        {
            return false;
        }

        network = new IpNetwork(start, length);
        var hostBits = length == start.Width ? UInt128.Zero : start.Bits << (128 - start.Width + length);
        return hostBits == UInt128.Zero;
    }

    /// <summary>Tells whether an address lies in the block.</summary>
    public bool Contains(IpAddress address) => Start.SharesPrefix(address, Length);

    /// <summary>Tells whether a whole block lies in this one.</summary>
    public bool Contains(IpNetwork inner) => inner.Length >= Length && Contains(inner.Start);

    /// <summary>Writes the address, and for more than one the prefix length.</summary>
    public override string ToString() =>
        IsSingle ? Start.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Start}/{Length}");

    private static bool TryParseStart(ReadOnlySpan<char> text, out IpAddress start)
    {
        if (IpAddress.TryParseV4(text, out start))
        {
            return true;
        }

        var isBracketed = text[0] == '[' && text[^1] == ']';
        return IpAddress.TryParseV6(isBracketed ? text[1..^1] : text, out start) && start.IsV6;
    }

    private static bool TryParseLength(ReadOnlySpan<char> digits, int max, out int length)
    {
        length = 0;
        return digits.Length is > 0 and <= 3
            && (digits.Length == 1 || digits[0] != '0')
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && length <= max;
    }
}
