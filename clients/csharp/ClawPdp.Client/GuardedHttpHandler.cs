using ClawPdp.V1;

namespace ClawPdp.Client;

/// <summary>
/// Stands in the way of an agent's HTTP requests: each is sent only if the agent may reach its host, and a receipt of the request is signed after,
/// with the digest of what is known without reading bodies: method, URL and status. It must stand before whatever follows redirects, or that must
/// not follow any: only what comes through here is asked about.
/// </summary>
public sealed class GuardedHttpHandler : DelegatingHandler
{
    private readonly ClawPdpClient _client;

    /// <param name="client">The sidecar.</param>
    public GuardedHttpHandler(ClawPdpClient client)
        : base(new SocketsHttpHandler { AllowAutoRedirect = false }) => _client = client;

    /// <param name="client">The sidecar.</param>
    /// <param name="inner">What sends the requests; it must follow no redirects.</param>
    public GuardedHttpHandler(ClawPdpClient client, HttpMessageHandler inner)
        : base(inner) => _client = client;

    /// <summary>Sends nothing: asking takes time, and a request that does not wait for it would go unasked.</summary>
    /// <exception cref="NotSupportedException">Always; use the asynchronous methods.</exception>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("a guarded request is sent by the asynchronous methods alone");

    /// <inheritdoc/>
    /// <exception cref="AuthorizationDeniedException">The host may not be reached; nothing was sent.</exception>
    /// <exception cref="ReceiptNotSignedException">The request was sent, and no receipt is known to be signed.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var uri = request.RequestUri is { IsAbsoluteUri: true } absolute ? absolute : throw new InvalidOperationException("a request needs an absolute URL");
        var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options;
        var action = new AgentAction
        {
            Host = AgentAction.HostOf(uri),
            Effect = isRead ? EffectClass.NetworkEgress : EffectClass.ExternalApiWrite,
            Target = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            ArgumentsHash = Digest.OfText($"{request.Method} {uri.AbsoluteUri}"),
        };
        return _client.RunAsync(
            action,
            token => base.SendAsync(request, token),
            static response => Digest.OfText($"{(int)response.StatusCode}"),
            cancellationToken);
    }
}
