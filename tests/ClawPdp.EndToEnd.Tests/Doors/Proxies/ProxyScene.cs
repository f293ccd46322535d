using System.Net;

namespace ClawPdp.EndToEnd.Tests.Doors.Proxies;

/// <summary>A caller, a proxy and an upstream.</summary>
internal sealed class ProxyScene : IAsyncDisposable
{
    private readonly ProxyProcess _proxy;
    private readonly HttpClient _http = new();

    private ProxyScene(ProxyProcess proxy, EchoUpstream upstream)
    {
        _proxy = proxy;
        Upstream = upstream;
    }

    public EchoUpstream Upstream { get; }

    /// <summary>Starts proxy and upstream.</summary>
    public static async Task<ProxyScene> StartAsync(string proxy, string sidecar, string tool)
    {
        var upstream = new EchoUpstream();
        try
        {
            return new ProxyScene(await ProxyProcess.StartAsync(proxy, sidecar, upstream.Address, tool), upstream);
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request through the proxy.</summary>
    public async Task<(HttpStatusCode Status, string Headers, string Body)> SendAsync(params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{_proxy.Address}/repos?q=1"));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return (response.StatusCode, response.Headers.ToString(), await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _proxy.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
