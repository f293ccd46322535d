using System.Net;
using System.Net.Http.Headers;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>
/// The server behind the guard: one address, which the operator names. Nobody else says where a request goes: no redirect is followed, no proxy of the
/// environment is used, no cookie is kept.
/// </summary>
internal sealed class Upstream : IDisposable
{
    private const int HeadersMaxKilobytes = 64;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly Uri _address;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;

    public Upstream(Uri address)
    {
        _address = address;
        _handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = HeadersMaxKilobytes,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
            UseProxy = false,
        };

        // A tool may take as long as it takes; who waits ends the wait.
        _client = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a request, and gives the answer as soon as its head is there.</summary>
    /// <param name="method">The method.</param>
    /// <param name="headers">What is taken over from the client's request.</param>
    /// <param name="message">The message; <see langword="null"/> for none.</param>
    /// <param name="cancellation">Ends the wait, and the answer's body with it.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, McpHeaders headers, ReadOnlyMemory<byte>? message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, _address);
        request.Headers.TryAddWithoutValidation("Accept", method == HttpMethod.Get ? ContentTypes.EventStream : $"{ContentTypes.Json}, {ContentTypes.EventStream}");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        Add(request.Headers, McpHeaders.Session, headers.SessionId);
        Add(request.Headers, McpHeaders.ProtocolVersion, headers.Version);
        Add(request.Headers, McpHeaders.LastEvent, method == HttpMethod.Get ? headers.LastEventId : null);
        Add(request.Headers, "Authorization", headers.Authorization);
        if (message is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(ContentTypes.Json) } };
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    private static void Add(HttpRequestHeaders headers, string name, string? value)
    {
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
