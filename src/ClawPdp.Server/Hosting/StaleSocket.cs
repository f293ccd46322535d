using System.Net.Sockets;
using ClawPdp.Files;

namespace ClawPdp.Server.Hosting;

/// <summary>Makes room for a socket where a process that is gone left its own.</summary>
internal static class StaleSocket
{
    /// <summary>Removes a socket on which nobody answers. What is no socket is never removed, and neither is one that answers.</summary>
    /// <param name="path">Where a socket is to be; where nothing lies, nothing is done.</param>
    /// <exception cref="StartFaultException">Another process listens there, or something else than a socket of ours lies there.</exception>
    public static void Clear(string path)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        if (!SocketFile.IsAt(path))
        {
            throw new StartFaultException($"{path}: the path is taken by something that is no socket");
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw new StartFaultException($"{path}: the path is taken by a socket that is not ours", exception);
        }

        throw new StartFaultException($"{path}: another process listens on this socket");
    }
}
