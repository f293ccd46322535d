using System.Net.Sockets;
using System.Text;

namespace ClawPdp.Server.Hosting;

/// <summary>Tells a service manager how far the sidecar is, in the form of sd_notify(3); without one it says nothing.</summary>
internal static class ReadyNotice
{
    /// <summary>It listens.</summary>
    public const string Ready = "READY=1";

    /// <summary>It finishes what is under way.</summary>
    public const string Stopping = "STOPPING=1";

    private const string PathVariable = "NOTIFY_SOCKET";

    /// <summary>Sends a state. Nobody is told of a failure: a manager that does not hear of the start ends it in its own time.</summary>
    public static void Send(string state)
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is not { Length: > 1 } path)
        {
            return;
        }

        try
        {
            // A name that begins with @ stands for one in the abstract namespace, which begins with a zero.
            var endPoint = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Connect(endPoint);
            socket.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            // As said above.
        }
    }
}
