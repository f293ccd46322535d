using System.Net.Http.Headers;
using System.Text;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Tests.Doors;

/// <summary>Calls the HTTP port of a sidecar.</summary>
internal sealed class HttpCaller : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly RunningSidecar _sidecar;

    public HttpCaller(RunningSidecar sidecar) => _sidecar = sidecar;

    /// <summary>Posts a body.</summary>
    public async Task<HttpAnswer> PostAsync(string path, string body, string mediaType, params (string Name, string Value)[] headers)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return await SendAsync(HttpMethod.Post, path, content, headers);
    }

    /// <summary>Gets a path.</summary>
    public Task<HttpAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, content: null, headers);

    public void Dispose() => _http.Dispose();

    private async Task<HttpAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(_sidecar.HttpAddress + path)) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var json = JsonReader.Parse(body, 1 << 22);
        return new HttpAnswer
        {
            Status = response.StatusCode,
            Body = json.IsValid ? json.Value : JsonValue.Null,
            Size = body.Length,
            Headers = response.Headers.ToDictionary(static header => header.Key, static header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase),
        };
    }
}
