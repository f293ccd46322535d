using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net.Sockets;

namespace ClawPdp.Server.Callers;

/// <summary>What the kernel says of the process that connected to a Unix socket: the credentials that it had in that moment.</summary>
/// <param name="ProcessId">The process; 0 when it is in another PID namespace.</param>
/// <param name="UserId">The effective user.</param>
/// <param name="GroupId">The effective group.</param>
/// <param name="Groups">The supplementary groups.</param>
internal sealed record PeerCredentials(int ProcessId, uint UserId, uint GroupId, ImmutableArray<uint> Groups)
{
    // SOL_SOCKET, SO_PEERCRED with its struct ucred, and SO_PEERGROUPS of unix(7): numbers of four bytes in the machine's order.
    private const int SocketLevel = 1;
    private const int PeerCredential = 17;
    private const int PeerGroups = 59;
    private const int NumberSize = 4;
    private const int CredentialSize = 3 * NumberSize;
    private const int GroupCountUsual = 64;

    // NGROUPS_MAX of limits.h.
    private const int GroupCountMax = 65_536;

    /// <summary>Asks the kernel about the peer of a connection.</summary>
    /// <returns>The credentials; <see langword="null"/> when the socket is no Unix socket, or the peer is gone.</returns>
    public static PeerCredentials? Of(Socket? socket)
    {
        if (socket is not { AddressFamily: AddressFamily.Unix })
        {
            return null;
        }

        Span<byte> credential = stackalloc byte[CredentialSize];
        try
        {
            return socket.GetRawSocketOption(SocketLevel, PeerCredential, credential) == CredentialSize
                ? new PeerCredentials(
                    BinaryPrimitives.ReadInt32LittleEndian(credential),
                    BinaryPrimitives.ReadUInt32LittleEndian(credential[NumberSize..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(credential[(2 * NumberSize)..]),
                    GroupsOf(socket))
                : null;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It went before it was named.
            return null;
        }
    }

    // A kernel that does not know the option leaves the peer with its one group, which is the stricter reading.
    private static ImmutableArray<uint> GroupsOf(Socket socket) => TryRead(socket, GroupCountUsual) ?? TryRead(socket, GroupCountMax) ?? [];

    private static ImmutableArray<uint>? TryRead(Socket socket, int countMax)
    {
        var buffer = new byte[countMax * NumberSize];
        try
        {
            var count = socket.GetRawSocketOption(SocketLevel, PeerGroups, buffer) / NumberSize;
            return [.. Enumerable.Range(0, count).Select(index => BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(index * NumberSize)))];
        }
        catch (SocketException)
        {
            // More groups than there was room for, or no such option.
            return null;
        }
    }
}
