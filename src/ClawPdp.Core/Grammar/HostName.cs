using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// The host that an action reaches, in one normal form: ASCII lower case, A-labels (RFC 5890), no trailing dot; or an IP
/// address, a mapped v6 one as its v4 address. What a resolver might read in two ways is refused.
/// </summary>
public sealed class HostName
{
    /// <summary>The longest text that is looked at, in UTF-16 units.</summary>
    public const int TextLengthMax = 512;

    private const int NameLengthMax = 253;
    private const int LabelLengthMax = 63;

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private HostName(string name, IpAddress? address, int? port)
    {
        Name = name;
        Address = address;
        Port = port;
    }

    /// <summary>Gets the name or address without a port; a v6 address stands in brackets.</summary>
    public string Name { get; }

    /// <summary>Gets the port, 1 to 65,535; <see langword="null"/> when none is named.</summary>
    public int? Port { get; }

    /// <summary>Gets a value indicating whether this is an IP address, which no name pattern matches.</summary>
    public bool IsAddress => Address is not null;

    internal IpAddress? Address { get; }

    /// <summary>Reads a host with an optional port. User info, schemes, paths, queries, escapes, white space and odd number forms are refused.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out HostName? host)
    {
        host = null;
        if (string.IsNullOrEmpty(text) || text.Length > TextLengthMax || !TrySplitPort(text, out var name, out var port))
        {
            return false;
        }

        if (name[0] == '[')
        {
            host = name[^1] == ']' && IpAddress.TryParseV6(name[1..^1], out var v6) ? new HostName(v6.ToString(), v6, port) : null;
        }
        else if (IpAddress.TryParseV4(name, out var v4))
        {
            host = new HostName(v4.ToString(), v4, port);
        }
        else
        {
            host = TryNormalise(name, out var normal) ? new HostName(normal, null, port) : null;
        }

        return host is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{port}") : Name;

    /// <summary>Brings a DNS name into its normal form.</summary>
    internal static bool TryNormalise(ReadOnlySpan<char> text, out string normal)
    {
        normal = "";
        var lower = text.ToString().ToLowerInvariant();
        var name = lower.EndsWith('.') ? lower[..^1] : lower;
        var labels = name.Split('.');
        for (var index = 0; index < labels.Length; index++)
        {
            if (!TryNormaliseLabel(labels[index], out labels[index]))
            {
                return false;
            }
        }

        normal = string.Join('.', labels);
        return normal.Length is > 0 and <= NameLengthMax && !LooksLikeNumber(labels[^1]);
    }

    private static bool TrySplitPort(string text, out ReadOnlySpan<char> name, out int? port)
    {
        port = null;
        name = text;
        var colon = text.LastIndexOf(':');
        if (text[0] == '[' ? colon < text.LastIndexOf(']') : colon < 0)
        {
            return true;
        }

        name = text.AsSpan(0, colon);
        var digits = text.AsSpan(colon + 1);
        if (name.IsEmpty || digits.Length is 0 or > 5 || digits[0] == '0' || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        port = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return port <= 65_535;
    }

    private static bool TryNormaliseLabel(string label, out string normal)
    {
        normal = label;
        if (label.Length == 0 || label.Length > LabelLengthMax)
        {
            return false;
        }

        if (!System.Text.Ascii.IsValid(label))
        {
            return InternationalLabel.TryEncode(label, out normal) && IsPlainLabel(normal);
        }

        return IsPlainLabel(label) && (!InternationalLabel.IsReserved(label) || InternationalLabel.IsValid(label));
    }

    // The underscore is no host name character (RFC 1123), but names with it are looked up in practice.
    private static bool IsPlainLabel(string label) =>
        label.Length <= LabelLengthMax && label[0] != '-' && label[^1] != '-' && !label.AsSpan().ContainsAnyExcept(LabelCharacters);

    // A name whose last label is a number is read by resolvers as an address in a form of inet_aton(3): 127.1, 0x7f.1,
    // 2130706433. Only the plain dotted quad is, and that was tried before.
    private static bool LooksLikeNumber(string label) =>
        !label.AsSpan().ContainsAnyExceptInRange('0', '9')
        || (label.StartsWith("0x", StringComparison.Ordinal) && label.Skip(2).All(char.IsAsciiHexDigitLower));
}
