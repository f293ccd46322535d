using System.Net;
using System.Net.Sockets;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Doctor;

/// <summary>Looks at the addresses: does something listen there, or could the sidecar?</summary>
internal static class ListenExam
{
    private const string Check = "listen";

    /// <summary>Looks.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="isRunning">Whether a sidecar has the data directory.</param>
    public static IEnumerable<Finding> Look(ServerSettings settings, bool isRunning)
    {
        foreach (var (name, endPoint) in new[] { ("gRPC", settings.Listen.Grpc), ("HTTP", settings.Listen.Http) })
        {
            if (endPoint is { Port: not 0 })
            {
                yield return Look(name, endPoint, isRunning);
            }
        }

        if (settings.Listen.UnixSocketPath is { } path)
        {
            yield return LookAtSocket(path, settings.DataDirectory, isRunning);
        }
    }

    private static Finding Look(string name, IPEndPoint endPoint, bool isRunning)
    {
        var isTaken = !CanListen(endPoint, out var why);
        return (isTaken, isRunning) switch
        {
            (true, true) => Finding.Ok(Check, $"{name}: something listens on {endPoint}, and a sidecar has the data directory"),
            (false, false) => Finding.Ok(Check, $"{name}: {endPoint} is free"),
            (false, true) => Finding.Wrong(Check, $"{name}: a sidecar has the data directory, and nothing listens on {endPoint}", "restart the sidecar with this configuration"),
            (true, false) => Finding.Wrong(Check, $"{name}: {endPoint} cannot be listened on: {why}", "end the other program, or choose another port in /listen"),
        };
    }

    private static Finding LookAtSocket(string path, string data, bool isRunning)
    {
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
        {
            return string.Equals(folder, data, StringComparison.Ordinal)
                ? Finding.Ok(Check, $"the socket `{path}` is made with the data directory")
                : Finding.Wrong(Check, $"the folder of the socket `{path}` is not there", $"run: mkdir -p {folder}");
        }

        if (!File.Exists(path))
        {
            return isRunning
                ? Finding.Wrong(Check, $"a sidecar has the data directory, and the socket `{path}` is not there", "restart the sidecar with this configuration")
                : Finding.Ok(Check, $"the socket `{path}` is free");
        }

        return IsAnswering(path) == isRunning
            ? Finding.Ok(Check, isRunning ? $"something listens on the socket `{path}`" : $"the socket `{path}` was left behind; the next start removes it")
            : Finding.Wrong(Check, isRunning ? $"nothing listens on the socket `{path}`" : $"another program listens on the socket `{path}`", isRunning ? "restart the sidecar" : "end the other program, or choose another path in /listen/unix_socket");
    }

    private static bool CanListen(IPEndPoint endPoint, out string why)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As a server does: an address of a connection that ended lately is free.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            socket.Bind(endPoint);
            socket.Listen(1);
            why = "";
            return true;
        }
        catch (SocketException failure)
        {
            why = failure.Message;
            return false;
        }
    }

    private static bool IsAnswering(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
