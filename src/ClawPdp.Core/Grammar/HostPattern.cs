using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// Which hosts are granted: a name, <c>*.name</c> for every name below it at any depth but not itself, an address, a network
/// (CIDR), or <c>*</c>; with a port, that port alone, and then a host that names none does not match. A host of
/// <see cref="GuardedHosts"/> is granted by its own name or address alone.
/// </summary>
public sealed class HostPattern
{
    private const string BelowPrefix = "*.";

    private HostPattern(string text, HostPatternKind kind, string name, int? port, IpNetwork? network = null)
    {
        Text = text;
        Kind = kind;
        Name = name;
        Port = port;
        Network = network;
    }

    /// <summary>Gets the pattern in its normal form, which parses to an equal pattern.</summary>
    public string Text { get; }

    /// <summary>Gets the port; <see langword="null"/> means any. A network and <c>*</c> have none.</summary>
    public int? Port { get; }

    /// <summary>Gets the kind.</summary>
    public HostPatternKind Kind { get; }

    /// <summary>Gets the name; for names below it, with a leading dot; empty for networks and for every host.</summary>
    public string Name { get; }

    /// <summary>Gets the block of addresses; <see langword="null"/> for the other kinds.</summary>
    public IpNetwork? Network { get; }

    /// <summary>Gets a value indicating whether this is a guarded host itself, which nothing wider grants.</summary>
    public bool IsGuarded => Kind switch
    {
        HostPatternKind.Exact => GuardedHosts.Contains(Name),
        HostPatternKind.Network => Network is { IsSingle: true } network && GuardedHosts.Contains(network.Start),
        _ => false,
    };

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="allowWildcards">
    /// Whether <c>*</c> alone and networks of prefix length 0 are acceptable. A wildcard over a top-level name, <c>*.com</c>,
    /// never is. Registries' second levels, <c>*.co.uk</c>, are not told apart, as that takes a list that changes weekly.
    /// </param>
    public static Result<HostPattern> Parse(string text, bool allowWildcards)
    {
        if (text is "*")
        {
            return allowWildcards
                ? Result.Valid(new HostPattern("*", HostPatternKind.Any, "", null))
                : Refuse("`*` grants every host and is not allowed here");
        }

        if (text.StartsWith(BelowPrefix, StringComparison.Ordinal))
        {
            return ParseBelow(text);
        }

        if (text.Contains('*', StringComparison.Ordinal))
        {
            return Refuse("a star stands only at the front, as `*.name`");
        }

        return text.Contains('/', StringComparison.Ordinal) ? ParseNetwork(text, allowWildcards) : ParseHost(text);
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
            HostPatternKind.Any => !GuardedHosts.Contains(host),
            HostPatternKind.Exact => !host.IsAddress && string.Equals(host.Name, Name, StringComparison.Ordinal),
            HostPatternKind.Below => !host.IsAddress && IsBelow(host.Name) && !GuardedHosts.Contains(host),
            HostPatternKind.Network => Network is { } network && host.Address is { } address && network.Contains(address)
                && (network.IsSingle || !GuardedHosts.Contains(address)),
            _ => false,
        };
    }

    /// <summary>Tells whether everything that another pattern grants is granted by this one; exact, not by text.</summary>
    public bool Covers(HostPattern inner)
    {
        if ((Port is not null && Port != inner.Port) || (inner.IsGuarded && !IsGuarded))
        {
            return false;
        }

        return Kind switch
        {
            HostPatternKind.Any => true,
            HostPatternKind.Exact => inner.Kind == HostPatternKind.Exact && string.Equals(inner.Name, Name, StringComparison.Ordinal),
            HostPatternKind.Below => CoversBelow(inner),
            HostPatternKind.Network => Network is { } network && inner.Network is { } within && network.Contains(within),
            _ => false,
        };
    }

    private static Result<HostPattern> Refuse(string message) => Result.Invalid<HostPattern>("", message);

    private static Result<HostPattern> ParseHost(string text)
    {
        if (!HostName.TryParse(text, out var parsed) || parsed is not { } host)
        {
            return Refuse("not a host name, an address or a v6 address in brackets, with an optional port");
        }

        return Result.Valid(host.Address is { } address
            ? new HostPattern(host.ToString(), HostPatternKind.Network, "", host.Port, new IpNetwork(address, address.Width))
            : new HostPattern(host.ToString(), HostPatternKind.Exact, host.Name, host.Port));
    }

    private static Result<HostPattern> ParseBelow(string text)
    {
        if (!HostName.TryParse(text[BelowPrefix.Length..], out var parsed) || parsed is not { IsAddress: false } host)
        {
            return Refuse("what follows `*.` is not a host name");
        }

        return host.Name.Contains('.', StringComparison.Ordinal)
            ? Result.Valid(new HostPattern(BelowPrefix + host, HostPatternKind.Below, "." + host.Name, host.Port))
            : Refuse("a wildcard over a top-level name grants too much");
    }

    private static Result<HostPattern> ParseNetwork(string text, bool allowWildcards)
    {
        if (!IpNetwork.TryParse(text, out var network))
        {
            return Refuse("not a network such as `10.0.0.0/8` or `[2001:db8::]/32` with zeros after the prefix");
        }

        return network.Length > 0 || allowWildcards
            ? Result.Valid(new HostPattern(network.ToString(), HostPatternKind.Network, "", null, network))
            : Refuse("a prefix length of 0 grants every address and is not allowed here");
    }

    private bool IsBelow(string name) => name.Length > Name.Length && name.EndsWith(Name, StringComparison.Ordinal);

    private bool CoversBelow(HostPattern inner) => inner.Kind switch
    {
        HostPatternKind.Exact => IsBelow(inner.Name),
        HostPatternKind.Below => inner.Name.EndsWith(Name, StringComparison.Ordinal),
        _ => false,
    };
}
