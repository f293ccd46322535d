using System.Net;
using System.Net.Sockets;

namespace ClawPdp.Identity.Keys;

/// <summary>
/// Connects to the issuer: resolves the name once, keeps the addresses that <see cref="AddressRule"/> allows, and connects to one of those and no
/// other.
/// </summary>
internal sealed class GuardedConnector
{
    private readonly AddressRule _rule;
    private readonly bool _usesProxy;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <summary>Initializes a new instance of the <see cref="GuardedConnector"/> class.</summary>
    /// <param name="rule">Which addresses are allowed.</param>
    /// <param name="usesProxy">Whether requests go through the proxy that the environment names, if it names one.</param>
    /// <param name="resolve">Gives the addresses of a name.</param>
    public GuardedConnector(AddressRule rule, bool usesProxy, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _rule = rule;
        _usesProxy = usesProxy;
        _resolve = resolve;
    }

    /// <summary>Connects.</summary>
    /// <exception cref="AddressRefusedException">No address of the name is allowed.</exception>
    /// <exception cref="SocketException">The name has no address, or none of the allowed ones answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await _resolve(target.Host.Trim('[', ']'), cancellationToken);

        // A proxy is the operator's, and resolves the issuer's name itself.
        var allowed = IsProxy(context) ? addresses : [.. addresses.Where(_rule.Allows)];
        if (allowed.Length == 0)
        {
            Exception refusal = addresses.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new AddressRefusedException();
            throw refusal;
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Told by the environment's word on this very URL, never by a difference between two spellings of a host.
    private bool IsProxy(SocketsHttpConnectionContext context) =>
        _usesProxy
        && context.InitialRequestMessage.RequestUri is { } url
        && !HttpClient.DefaultProxy.IsBypassed(url)
        && HttpClient.DefaultProxy.GetProxy(url) is { } proxy
        && proxy.Port == context.DnsEndPoint.Port
        && string.Equals(proxy.IdnHost, context.DnsEndPoint.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);
}
