using System.Net.Http.Headers;

namespace ClawPdp.Server.Cli;

/// <summary>Shows an admin token with every request.</summary>
internal sealed class AdminTokenHandler : DelegatingHandler
{
    private readonly AuthenticationHeaderValue _token;

    public AdminTokenHandler(string token, HttpMessageHandler inner)
        : base(inner) => _token = new AuthenticationHeaderValue("Bearer", token);

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _token;
        return base.SendAsync(request, cancellationToken);
    }
}
