using System.Globalization;

namespace ClawPdp.Core.Grammar;

/// <summary>A block of addresses of one family (CIDR, RFC 4632); one address is the block of full length.</summary>
/// <param name="Start">The first address; all bits beyond the prefix are zero.</param>
/// <param name="Length">The prefix length: 0 to 32 for v4, 0 to 128 for v6.</param>
public readonly record struct IpNetwork(IpAddress Start, int Length)
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
    public static bool TryParse(ReadOnlySpan<char> text, out IpNetwork network) =>
        TryReadParts(text, out var start, out var length) & TryMask(start, length, out network);

    /// <summary>
    /// Reads the same, and an address alone as the block of it. Bits beyond the prefix are taken for zeros, as the reference evaluator
    /// of policies has it; blocks of mapped v6 addresses are refused all the same.
    /// </summary>
    public static bool TryParseMasked(ReadOnlySpan<char> text, out IpNetwork network)
    {
        if (IpAddress.TryParse(text, out var address))
        {
            network = new IpNetwork(address, address.Width);
            return true;
        }

        var isRead = TryReadParts(text, out var start, out var length);
        _ = TryMask(start, length, out network);
        return isRead;
    }

    /// <summary>Tells whether an address lies in the block.</summary>
    public bool Contains(IpAddress address) => Start.SharesPrefix(address, Length);

    /// <summary>Tells whether a whole block lies in this one.</summary>
    public bool Contains(IpNetwork inner) => inner.Length >= Length && Contains(inner.Start);

    /// <summary>Writes the address, and for more than one the prefix length.</summary>
    public override string ToString() =>
        IsSingle ? Start.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Start}/{Length}");

    private static bool TryReadParts(ReadOnlySpan<char> text, out IpAddress start, out int length)
    {
        start = default;
        length = 0;
        var slash = text.IndexOf('/');
        return slash >= 1 && TryParseStart(text[..slash], out start) && TryParseLength(text[(slash + 1)..], start.Width, out length);
    }

    // Gives the block; tells whether there was nothing beyond the prefix to take away.
    private static bool TryMask(IpAddress start, int length, out IpNetwork network)
    {
        var hostWidth = start.Width - length;
        var bits = hostWidth == 128 ? UInt128.Zero : start.Bits >> hostWidth << hostWidth;
        network = new IpNetwork(start with { Bits = bits }, length);
        return bits == start.Bits;
    }

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
            && !digits.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && length <= max;
    }
}
