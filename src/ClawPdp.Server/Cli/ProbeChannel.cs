using Grpc.Net.Client;

namespace ClawPdp.Server.Cli;

/// <summary>Makes a channel that nothing secret goes through: to <c>HOST:PORT</c> in cleartext, or to <c>unix:/PATH</c>.</summary>
internal static class ProbeChannel
{
    /// <summary>Makes it; it connects when it is first used.</summary>
    /// <exception cref="InputException">The address is none.</exception>
    public static GrpcChannel Open(string address)
    {
        var isUnix = address.StartsWith(SidecarAddress.UnixPrefix, StringComparison.Ordinal) && address.Length > SidecarAddress.UnixPrefix.Length;
        if (!Uri.TryCreate("http://" + (isUnix ? "localhost" : address), UriKind.Absolute, out var uri) || uri.PathAndQuery is not "/" || uri.UserInfo.Length > 0)
        {
            throw new InputException($"--server: `{address}` is neither HOST:PORT nor unix:/PATH");
        }

        return SidecarConnection.Open(new SidecarAddress { Server = isUnix ? address : uri.OriginalString });
    }
}
