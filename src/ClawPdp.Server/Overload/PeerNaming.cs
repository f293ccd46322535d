using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClawPdp.Engine.Tokens;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClawPdp.Server.Overload;

/// <summary>Names the peer of each connection when it is made, and gives it a place to remember its token.</summary>
internal static class PeerNaming
{
    // SOL_SOCKET, SO_PEERCRED and struct ucred of unix(7): process, user and group, four bytes each.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsSize = 12;
    private const int UserOffset = 4;

    /// <summary>Names the peers of a listener's connections.</summary>
    public static void Use(ListenOptions options) => options.Use(static next => connection =>
    {
        connection.Features.Set(PeerOf(connection));
        connection.Features.Set(new TokenMemo());
        return next(connection);
    });

    /// <summary>Gives the peer of a connection.</summary>
    public static CallPeer PeerOf(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket)
        {
            return OfSocket(socket, connection.ConnectionId);
        }

        return connection.RemoteEndPoint is IPEndPoint remote && !IPAddress.IsLoopback(remote.Address)
            ? new CallPeer("address " + remote.Address)
            : OfConnection(connection.ConnectionId);
    }

    /// <summary>Gives the peer of a request.</summary>
    public static CallPeer PeerOf(HttpContext context) => context.Features.Get<CallPeer>() ?? OfConnection(context.Connection.Id);

    /// <summary>Gives the peer where nothing else is known of it.</summary>
    public static CallPeer OfConnection(string connectionId) => new("connection " + connectionId);

    private static CallPeer OfSocket(Socket socket, string connectionId)
    {
        Span<byte> credentials = stackalloc byte[CredentialsSize];
        try
        {
            if (socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) != CredentialsSize)
            {
                return OfConnection(connectionId);
            }
        }
        catch (SocketException)
        {
            // It went before it was named.
            return OfConnection(connectionId);
        }

        // A process of another PID namespace has no number here: all of one user count as one then.
        var process = BinaryPrimitives.ReadInt32LittleEndian(credentials);
        return process > 0
            ? new CallPeer(string.Create(CultureInfo.InvariantCulture, $"process {process}"))
            : new CallPeer(string.Create(CultureInfo.InvariantCulture, $"user {BinaryPrimitives.ReadUInt32LittleEndian(credentials[UserOffset..])}"));
    }
}
