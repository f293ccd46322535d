using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Overload;

namespace ClawPdp.Server.Connections;

/// <summary>Names the peers whose connections to a listener are counted together.</summary>
internal static class ConnectionPeers
{
    // What one customer or host is given at the least of IPv6 (RFC 6177): whoever has one address of it has all.
    private const int PrefixSize = 8;

    /// <summary>Gives the name of a peer: a local user, an IPv4 address, or the first 64 bits of an IPv6 address.</summary>
    /// <param name="remote">Where the connection comes from.</param>
    /// <param name="peer">What the kernel says of it; <see langword="null"/> for nothing.</param>
    /// <returns>The name; <see langword="null"/> on loopback, where TCP does not tell one caller from another.</returns>
    public static string? NameOf(EndPoint? remote, PeerCredentials? peer)
    {
        if (peer is not null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"user {peer.UserId}");
        }

        // A peer of a Unix socket that was gone before it was named.
        return remote is IPEndPoint { Address: var address } ? NameOf(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) : "user unknown";
    }

    /// <summary>Gives the peer that has a request's connection: by the client's certificate where there is one, and otherwise as its listener counts it.</summary>
    /// <returns>The peer; on loopback, where there is none, the connection itself.</returns>
    public static CallPeer PeerOf(HttpContext context) =>
        Caller.Of(context)?.Share()
        ?? (context.Features.Get<ConnectionSeat>()?.Peer is { } name ? new CallPeer(name) : PeerNaming.OfConnection(context.Connection.Id));

    private static string? NameOf(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return null;
        }

        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? "prefix " + Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, PrefixSize))
            : "address " + address;
    }
}
