using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Identity.Keys;

/// <summary>
/// Which addresses keys are fetched from, whatever the name is: it is asked of the very address that is connected to, so that a name which
/// leads elsewhere tomorrow gains nothing.
/// </summary>
/// <param name="AllowLoopback">Whether this host may be asked: only for an issuer on this host.</param>
/// <param name="AllowPrivate">Whether private networks may be asked.</param>
internal sealed record AddressRule(bool AllowLoopback, bool AllowPrivate)
{
    // Neither ends at one host that could be an identity provider: this network, multicast, reserved and broadcast (RFC 6890, RFC 4291).
    private static readonly ImmutableArray<IpNetwork> NoHosts = Read("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/128", "ff00::/8");

    private static readonly ImmutableArray<IpNetwork> Loopback = Read("127.0.0.0/8", "::1/128");

    // RFC 1918, RFC 6598, RFC 4193, and site-local (RFC 3879).
    private static readonly ImmutableArray<IpNetwork> Private = Read("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10");

    /// <summary>Tells whether an address may be connected to. Addresses that wrap a v4 one are judged by that, too.</summary>
    public bool Allows(IPAddress address)
    {
        var asked = Convert(address);
        return AllowsPlain(asked) && (!GuardedHosts.TryUnwrap(asked, out var inner) || IsIn(Loopback, asked) || AllowsPlain(inner));
    }

    private bool AllowsPlain(IpAddress address) =>
        !GuardedHosts.Contains(address)
        && !IsIn(NoHosts, address)
        && (AllowLoopback || !IsIn(Loopback, address))
        && (AllowPrivate || !IsIn(Private, address));

    private static bool IsIn(ImmutableArray<IpNetwork> networks, IpAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IpAddress Convert(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return bytes.Length == 4
            ? new IpAddress(IsV6: false, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new IpAddress(IsV6: true, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    private static ImmutableArray<IpNetwork> Read(params string[] texts) =>
        [.. texts.Select(static text => IpNetwork.TryParse(text, out var network) ? network : throw new FormatException($"`{text}` is no network"))];
}
