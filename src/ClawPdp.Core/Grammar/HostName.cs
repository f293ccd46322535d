using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// The host that an action reaches, in one normal form: ASCII lower case, A-labels (RFC 5890), no trailing dot; or an IP
/// address, a mapped v6 one as its v4 address. What a resolver might read in two ways is refused.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HostName
{
    /// <summary>The longest text that is looked at, in UTF-16 units.</summary>
    public const int TextLengthMax = 512;

    private const int PortMax = 65_535;

    private readonly string? _name;

    private HostName(string name, IpAddress? address, int? port)
    {
        _name = name;
        Address = address;
        Port = port;
    }

    /// <summary>Gets the name or address without a port; a v6 address stands in brackets, in the form of RFC 5952.</summary>
    public string Name => _name ?? "";

    /// <summary>Gets the port, 1 to 65,535; <see langword="null"/> when none is named.</summary>
    public int? Port { get; }

    /// <summary>Gets a value indicating whether this is an IP address, which no name pattern matches.</summary>
    public bool IsAddress => Address is not null;

    /// <summary>Gets the address; <see langword="null"/> for a name.</summary>
    public IpAddress? Address { get; }

    /// <summary>
    /// Reads a host with an optional port. User info, schemes, paths, queries, escapes, white space, odd number forms, v6
    /// addresses without brackets and zones are refused. A name already in normal form is kept, not copied.
    /// </summary>
    /// <param name="text">The host as asked for; <see langword="null"/>, empty and over-long ones are refused.</param>
    /// <param name="host">Receives the host, or <see langword="null"/>.</param>
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
            host = new HostName(Keep(text, name), v4, port);
        }
        else if (DnsName.IsPlain(name))
        {
            host = new HostName(Keep(text, name), null, port);
        }
        else
        {
            host = DnsName.TryNormalise(name, out var normal) ? new HostName(normal, null, port) : null;
        }

        return host is not null;
    }

    /// <summary>Writes the normal form, with the port when one is named; reading it again gives an equal host.</summary>
    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{port}") : Name;

    private static string Keep(string text, ReadOnlySpan<char> name) => name.Length == text.Length ? text : name.ToString();

    private static bool TrySplitPort(string text, out ReadOnlySpan<char> name, out int? port)
    {
        port = null;
        name = text;

        // The colons of a v6 address stand before its closing bracket; a bracket that is never closed is refused later.
        var from = text[0] == '[' ? text.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        var colon = text.IndexOf(':', from);
        if (colon < 0)
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
        return port <= PortMax;
    }
}
