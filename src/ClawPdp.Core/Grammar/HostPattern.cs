using System.Globalization;
using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// Which hosts are granted: a name, <c>*.name</c> for every name below it at any depth but not itself, an address, a network
/// (CIDR), or <c>*</c>; with a port, that port alone, and then a host that names none does not match.
/// </summary>
public sealed class HostPattern
{
    private readonly IpAddress? _network;
    private readonly int _prefixLength;

    private HostPattern(string text, HostPatternKind kind, string name, int? port, IpAddress? network = null, int prefixLength = 0)
    {
        Text = text;
        Kind = kind;
        Name = name;
        Port = port;
        _network = network;
        _prefixLength = prefixLength;
    }

    /// <summary>Gets the pattern in its normal form.</summary>
    public string Text { get; }

    /// <summary>Gets the port; <see langword="null"/> means any.</summary>
    public int? Port { get; }

    internal HostPatternKind Kind { get; }

    /// <summary>Gets the name; for names below it, with a leading dot.</summary>
    internal string Name { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="allowWildcards">Whether <c>*</c> alone is acceptable. A wildcard over a top-level name, <c>*.com</c>, never is.</param>
    public static Result<HostPattern> Parse(string text, bool allowWildcards)
    {
        if (text is "*")
        {
            return allowWildcards
                ? Result.Valid(new HostPattern("*", HostPatternKind.Any, "", null))
                : Refuse("`*` grants every host and is not allowed here");
        }

        if (text.StartsWith("*.", StringComparison.Ordinal))
        {
            return ParseBelow(text);
        }

        if (text.Contains('*', StringComparison.Ordinal))
        {
            return Refuse("a star stands only at the front, as `*.name`");
        }

        if (text.Contains('/', StringComparison.Ordinal))
        {
            return ParseNetwork(text);
        }

        if (!HostName.TryParse(text, out var host))
        {
            return Refuse("not a host name or address");
        }

        return Result.Valid(host.Address is { } address
            ? new HostPattern(host.ToString(), HostPatternKind.Network, host.Name, host.Port, address, address.Width)
            : new HostPattern(host.ToString(), HostPatternKind.Exact, host.Name, host.Port));
    }

    /// <summary>Tells whether a host is granted.</summary>
    public bool Matches(HostName host)
    {
        if (Port is { } port && host.Port != port)
        {
            return false;
        }

        return Kind switch
        {
            HostPatternKind.Any => true,
            HostPatternKind.Exact => !host.IsAddress && string.Equals(host.Name, Name, StringComparison.Ordinal),
            HostPatternKind.Below => !host.IsAddress && host.Name.EndsWith(Name, StringComparison.Ordinal) && host.Name.Length > Name.Length,
            HostPatternKind.Network => _network is { } network && host.Address is { } address && network.SharesPrefix(address, _prefixLength),
            _ => false,
        };
    }

    /// <summary>Tells whether everything that another pattern grants is granted by this one.</summary>
    public bool Covers(HostPattern inner)
    {
        if (Port is not null && Port != inner.Port)
        {
            return false;
        }

        return Kind switch
        {
            HostPatternKind.Any => true,
            HostPatternKind.Exact => inner.Kind == HostPatternKind.Exact && string.Equals(inner.Name, Name, StringComparison.Ordinal),
            HostPatternKind.Below => CoversBelow(inner),
            HostPatternKind.Network => _network is { } network && inner._network is { } within
                && inner._prefixLength >= _prefixLength && network.SharesPrefix(within, _prefixLength),
            _ => false,
        };
    }

    private static Result<HostPattern> Refuse(string message) => Result.Invalid<HostPattern>("", message);

    private static Result<HostPattern> ParseBelow(string text)
    {
        if (!HostName.TryParse(text[2..], out var host) || host.IsAddress)
        {
            return Refuse("what follows `*.` is not a host name");
        }

        return host.Name.Contains('.', StringComparison.Ordinal)
            ? Result.Valid(new HostPattern("*." + host, HostPatternKind.Below, "." + host.Name, host.Port))
            : Refuse("a wildcard over a top-level name grants too much");
    }

    private static Result<HostPattern> ParseNetwork(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var digits = text.AsSpan(slash + 1);
        var start = text.AsSpan(0, slash).TrimStart('[').TrimEnd(']');
        var isAddress = IpAddress.TryParseV4(start, out var network) || IpAddress.TryParseV6(start, out network);
        if (!isAddress || digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange('0', '9') || (digits.Length > 1 && digits[0] == '0'))
        {
            return Refuse("not a network such as `10.0.0.0/8` or `[2001:db8::]/32`");
        }

        var length = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (length > network.Width)
        {
            return Refuse($"the prefix is longer than {network.Width} bits");
        }

        var hostBits = length == 0 ? network.Bits : network.Bits << (128 - network.Width + length);
        return hostBits == UInt128.Zero || length == network.Width
            ? Result.Valid(new HostPattern(string.Create(CultureInfo.InvariantCulture, $"{network}/{length}"), HostPatternKind.Network, "", null, network, length))
            : Refuse("the address has bits beyond the prefix");
    }

    private bool CoversBelow(HostPattern inner) => inner.Kind switch
    {
        HostPatternKind.Exact => inner.Name.EndsWith(Name, StringComparison.Ordinal) && inner.Name.Length > Name.Length,
        HostPatternKind.Below => inner.Name.EndsWith(Name, StringComparison.Ordinal),
        _ => false,
    };
}
