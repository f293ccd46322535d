using System.Net;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Http.Features;

namespace ClawPdp.Server.Callers;

/// <summary>
/// Tells whether a request names this sidecar as its authority. The name is the caller's word: without this, a server to which a holder was led could
/// pass on a proof that was made for its own address.
/// </summary>
internal static class OwnAuthority
{
    private const string Localhost = "localhost";

    /// <summary>Tells it: by the address at which the connection came in, or by the names that are configured.</summary>
    public static bool Holds(IHttpRequestFeature request, IHttpConnectionFeature connection, ListenSettings listen)
    {
        var host = HostOf(request);
        return listen.Authorities.Contains(host.Value ?? "", StringComparer.OrdinalIgnoreCase)
            || Holds(host, connection.LocalIpAddress, connection.LocalPort, string.Equals(request.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Gives the authority that a request names, as it names it.</summary>
    public static HostString HostOf(IHttpRequestFeature request) => new(request.Headers.Host.ToString());

    /// <summary>Tells whether an authority is that of a connection.</summary>
    /// <param name="host">The authority.</param>
    /// <param name="address">The local address of the connection; <see langword="null"/> for a Unix socket.</param>
    /// <param name="port">Its local port.</param>
    /// <param name="isHttps">Whether it is of TLS, which has another usual port.</param>
    public static bool Holds(HostString host, IPAddress? address, int port, bool isHttps)
    {
        if (address is null)
        {
            // Nobody but the kernel names a Unix socket; this is what libraries say.
            return string.Equals(host.Host, Localhost, StringComparison.OrdinalIgnoreCase);
        }

        if ((host.Port ?? (isHttps ? 443 : 80)) != port)
        {
            return false;
        }

        var own = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.TryParse(host.Host, out var named)
            ? named.Equals(own)
            : IPAddress.IsLoopback(own) && string.Equals(host.Host, Localhost, StringComparison.OrdinalIgnoreCase);
    }
}
