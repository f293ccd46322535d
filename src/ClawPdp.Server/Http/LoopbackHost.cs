using System.Net;

namespace ClawPdp.Server.Http;

/// <summary>Tells the hosts that lead to this very machine, whatever any name server says.</summary>
internal static class LoopbackHost
{
    /// <summary>Tells whether a host is one: <c>localhost</c>, or a loopback address in its usual form.</summary>
    /// <param name="host">A name, an IPv4 address, or an IPv6 address in brackets or without.</param>
    public static bool Is(string host)
    {
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var text = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        return IPAddress.TryParse(text, out var address) && IPAddress.IsLoopback(address) && string.Equals(address.ToString(), text, StringComparison.Ordinal);
    }
}
