using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// Hosts that no wildcard, network or pattern ever grants: link-local addresses, and the addresses and names at which clouds give whoever asks
/// the machine's own credentials. Each must be listed as itself. An address is one whatever it is wrapped in.
/// </summary>
public static class GuardedHosts
{
    private const ushort SixToFourPrefix = 0x2002;

    // The services of the clouds that answer by name; that the same service answers under any other name cannot be seen here.
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "metadata",
        "metadata.google.internal",
        "metadata.goog",
        "metadata.azure.internal",
        "metadata.tencentyun.com",
        "metadata.platformequinix.com",
        "metadata.packet.net",
        "instance-data",
        "instance-data.ec2.internal");

    // Prefixes whose last 32 bits are a v4 address: v4-compatible and translated (RFC 4291, RFC 2765), NAT64 (RFC 6052, RFC 8215).
    private static readonly ImmutableArray<IpNetwork> Wrappings =
    [
        Read("::/96"), Read("::ffff:0:0:0/96"), Read("64:ff9b::/96"), Read("64:ff9b:1::/48"),
    ];

    /// <summary>Gets the blocks of guarded addresses, those that wrap a v4 address left out.</summary>
    public static ImmutableArray<IpNetwork> Networks { get; } =
    [
        // Link-local (RFC 3927, RFC 4291), where most clouds answer at 169.254.169.254.
        Read("169.254.0.0/16"), Read("fe80::/10"),

        // Alibaba Cloud; Azure's platform; Oracle Cloud's former address.
        Single("100.100.100.200"), Single("168.63.129.16"), Single("192.0.0.192"),

        // AWS, Google Cloud, Oracle Cloud, Scaleway.
        Read("fd00:ec2::/32"), Single("[fd20:ce::254]"), Single("[fd00:c1::a9fe:a9fe]"), Single("[fd00:42::42]"),
    ];

    /// <summary>Tells whether a host is guarded.</summary>
    public static bool Contains(HostName host) => host.Address is { } address ? Contains(address) : Names.Contains(host.Name);

    /// <summary>Tells whether a host is guarded.</summary>
    /// <param name="name">The host's normal form without a port, as <see cref="HostName.Name"/> gives it.</param>
    public static bool Contains(string name)
    {
        if (name.Length == 0 || (name[0] != '[' && !char.IsAsciiDigit(name[0])))
        {
            return Names.Contains(name);
        }

        return IpAddress.TryParse(name, out var address) ? Contains(address) : Names.Contains(name);
    }

    /// <summary>Tells whether an address is guarded, or wraps one that is.</summary>
    public static bool Contains(IpAddress address)
    {
        foreach (var network in Networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return TryUnwrap(address, out var inner) && Contains(inner);
    }

    /// <summary>Gives the v4 address that a v6 address leads to by way of a translator or a tunnel.</summary>
    public static bool TryUnwrap(IpAddress address, out IpAddress inner)
    {
        inner = default;
        if (!address.IsV6)
        {
            return false;
        }

        // 6to4 (RFC 3056): 16 bits of prefix, and then the address.
        if ((ushort)(address.Bits >> 112) == SixToFourPrefix)
        {
            inner = new IpAddress(IsV6: false, (uint)((address.Bits >> 80) & uint.MaxValue));
            return true;
        }

        foreach (var wrapping in Wrappings)
        {
            if (wrapping.Contains(address))
            {
                inner = new IpAddress(IsV6: false, (uint)(address.Bits & uint.MaxValue));
                return true;
            }
        }

        return false;
    }

    private static IpNetwork Read(string text) =>
        IpNetwork.TryParse(text, out var network) ? network : throw new FormatException($"`{text}` is no network");

    private static IpNetwork Single(string text) =>
        IpNetwork.TryParseMasked(text, out var network) ? network : throw new FormatException($"`{text}` is no address");
}
