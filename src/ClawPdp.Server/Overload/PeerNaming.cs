using System.Globalization;
using System.Net;
using ClawPdp.Server.Callers;
using Microsoft.AspNetCore.Connections;

namespace ClawPdp.Server.Overload;

/// <summary>Names the peer of each connection, whose calls are counted together.</summary>
internal static class PeerNaming
{
    /// <summary>Gives the peer of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="peer">What the kernel says of it; <see langword="null"/> for nothing.</param>
    public static CallPeer PeerOf(ConnectionContext connection, PeerCredentials? peer) => peer switch
    {
        // A process of another PID namespace has no number here: all of one user count as one then.
        { ProcessId: > 0 } => new CallPeer(string.Create(CultureInfo.InvariantCulture, $"process {peer.ProcessId}")),
        { } => new CallPeer(string.Create(CultureInfo.InvariantCulture, $"user {peer.UserId}")),
        _ => connection.RemoteEndPoint is IPEndPoint remote && !IPAddress.IsLoopback(remote.Address)
            ? new CallPeer("address " + remote.Address)
            : OfConnection(connection.ConnectionId),
    };

    /// <summary>Gives the peer of a request.</summary>
    public static CallPeer PeerOf(HttpContext context) => context.Features.Get<CallPeer>() ?? OfConnection(context.Connection.Id);

    /// <summary>Gives the peer where nothing else is known of it.</summary>
    public static CallPeer OfConnection(string connectionId) => new("connection " + connectionId);
}
