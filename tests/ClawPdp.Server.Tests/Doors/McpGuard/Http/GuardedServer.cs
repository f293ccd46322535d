using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClawPdp.Client;
using ClawPdp.Server.Doors.McpGuard;
using ClawPdp.Server.Doors.McpGuard.Http;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.McpGuard.Http;

/// <summary>The guard over HTTP between a client of the test's and a scripted server, for the tools <c>crowdstrike/…</c> of bob.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly RunningSidecar _sidecar;
    private readonly ClawPdpClient _client;
    private readonly McpHttpHost _host;
    private readonly HttpClient _http = new();
    private bool _isStopped;

    private GuardedServer(RunningSidecar sidecar, ClawPdpClient client, string token, ScriptedUpstream upstream, McpHttpHost host)
    {
        Token = token;
        _sidecar = sidecar;
        _client = client;
        Upstream = upstream;
        _host = host;
    }

    /// <summary>Gets the CST of bob's agent.</summary>
    public string Token { get; }

    public ScriptedUpstream Upstream { get; }

    public Uri Address => new(_host.Address);

    public static async Task<GuardedServer> StartAsync(RunningSidecar sidecar, string? sidecarAddress = null, Uri? server = null)
    {
        var token = await sidecar.TokenOfAsync("bob");
        var options = ClawPdpClientOptions.WithToken(token) with { Address = sidecarAddress ?? new Uri(sidecar.GrpcAddress).Authority, AuthorizeTimeout = Timeout, DurableTimeout = Timeout };
        var client = new ClawPdpClient(options);
        var upstream = await ScriptedUpstream.StartAsync();
        McpGuardSession NewSession() => new(client, _ => ValueTask.FromResult(token), "crowdstrike", Timeout, TimeProvider.System, new AnsweredRequests());
        var host = await McpHttpHost.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), server ?? upstream.Address, NewSession, CancellationToken.None);
        return new GuardedServer(sidecar, client, token, upstream, host);
    }

    /// <summary>Posts a message.</summary>
    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string message, string? session = null)
    {
        using var response = await SendAsync(HttpMethod.Post, message, session);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Sends a request and gives the answer when its head is there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string? message = null, string? session = null, string? lastEvent = null)
    {
        var request = new HttpRequestMessage(method, Address);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        if (lastEvent is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEvent);
        }

        if (message is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(message)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Opens a session of a server that gives it this id.</summary>
    public async Task OpenAsync(string session)
    {
        var next = Upstream.Answer;
        Upstream.Answer = (context, _) =>
        {
            context.Response.Headers["Mcp-Session-Id"] = session;
            return ScriptedUpstream.JsonAsync(context, """{"jsonrpc":"2.0","id":"open","result":{}}""");
        };
        using var answer = await SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":"open","method":"initialize","params":{}}""");
        Assert.Equal(session, Assert.Single(answer.Headers.GetValues("Mcp-Session-Id")));
        Upstream.Requests.Clear();
        Upstream.Answer = next;
    }

    /// <summary>Gives how many receipts there are.</summary>
    public async Task<uint> CountReceiptsAsync()
    {
        using var channel = _sidecar.Channel();
        var run = await new RunService.RunServiceClient(channel).GetRunAsync(new GetRunRequest { RunId = _client.RunId }, cancellationToken: TestContext.Current.CancellationToken);
        return run.Run?.ReceiptCount ?? 0;
    }

    /// <summary>Ends the guard and the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Upstream.DisposeAsync();
        await _client.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>Ends the guard alone.</summary>
    public async Task StopAsync()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            await _host.DisposeAsync();
        }
    }
}
