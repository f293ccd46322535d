using System.Net.Sockets;
using System.Text;
using ClawPdp.Server.Doors.ForwardAuth;

namespace ClawPdp.Server.Tests.Doors.ForwardAuth;

/// <summary>The HTTP door through a real socket.</summary>
public sealed class ForwardAuthDoorTests : IClassFixture<ForwardAuthSidecar>, IDisposable
{
    private readonly ForwardAuthSidecar _sidecar;
    private readonly HttpClient _http = new();

    public ForwardAuthDoorTests(ForwardAuthSidecar sidecar) => _sidecar = sidecar;

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("", "github", "api.github.com", 200, "")]
    [InlineData("", "splunk", "api.github.com", 403, "TOOL_NOT_ALLOWED")]
    [InlineData("", "github", "evil.example", 403, "EGRESS_NOT_ALLOWED")]
    [InlineData("", "", "acme.atlassian.net", 200, "")]
    [InlineData("", "", "acme.atlassian.net:8443", 200, "")]
    [InlineData("", "", "user@api.github.com", 403, "HOST_INVALID")]
    [InlineData("", "github", "", 403, "REQUEST_INVALID")]
    [InlineData("/tools", "", "", 200, "")]
    [InlineData("/tools", "github", "evil.example", 200, "")]
    [InlineData("/tools", "splunk", "", 403, "REQUEST_INVALID")]
    [InlineData("/tools-too", "", "", 403, "TOOL_NOT_ALLOWED")]
    [InlineData("/tools/any/path?q=1", "", "", 200, "")]
    [InlineData("/headers", "", "", 403, "REQUEST_INVALID")]
    [InlineData("/headers", "github", "evil.example", 200, "")]
    public async Task Ask_Question_IsAnsweredByStatusAndReason(string path, string tool, string destination, int status, string reason)
    {
        var token = await _sidecar.TokenOfAsync("alice");

        using var response = await SendAsync(HttpMethod.Get, path, ("x-cst", token), ("x-claw-tool", tool), ("x-forwarded-host", destination));

        Assert.Equal((status, reason), ((int)response.StatusCode, Header(response, "x-claw-reason")));
        Assert.StartsWith("dec_", Header(response, "x-claw-decision-id"), StringComparison.Ordinal);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("", "", 200)]
    [InlineData("", "clawpdp", 403)]
    [InlineData("/stated", "", 200)]
    [InlineData("/stated", "clawpdp", 200)]
    [InlineData("/stated", "lax", 403)]
    public async Task Ask_Audience_IsTheOperatorsAlone(string path, string audience, int status)
    {
        using var response = await SendAsync(HttpMethod.Get, path, ("x-cst", await _sidecar.TokenOfAsync("alice")), ("x-forwarded-host", "api.github.com"), ("x-claw-audience", audience));

        Assert.Equal((status, status == 200 ? "" : "REQUEST_INVALID"), ((int)response.StatusCode, Header(response, "x-claw-reason")));
    }

    [Fact]
    public async Task Ask_WithoutOrWithBadToken_Is401WithAChallenge()
    {
        using var none = await SendAsync(HttpMethod.Get, "", ("x-forwarded-host", "api.github.com"));
        using var bad = await SendAsync(HttpMethod.Get, "", ("authorization", "Bearer x"), ("x-forwarded-host", "api.github.com"));

        Assert.Equal((401, "TOKEN_REQUIRED", "REISSUE"), ((int)none.StatusCode, Header(none, "x-claw-reason"), Header(none, "x-claw-reason-class")));
        Assert.Equal("Bearer realm=\"clawpdp\"", none.Headers.WwwAuthenticate.ToString());
        Assert.Equal((401, "TOKEN_MALFORMED"), ((int)bad.StatusCode, Header(bad, "x-claw-reason")));
        Assert.Equal("Bearer realm=\"clawpdp\", error=\"invalid_token\"", bad.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    [InlineData("PROPFIND")]
    public async Task Ask_AnyMethod_IsAnsweredAlike(string method)
    {
        var token = await _sidecar.TokenOfAsync("alice");

        using var allowed = await SendAsync(new HttpMethod(method), "/tools", ("x-cst", token));
        using var denied = await SendAsync(new HttpMethod(method), "/tools-too", ("x-cst", token));

        Assert.Equal((200, 403), ((int)allowed.StatusCode, (int)denied.StatusCode));
    }

    [Fact]
    public async Task Ask_TokenOfItsOwnHeaderAlone_LeavesAuthorizationAlone()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        using var both = await SendAsync(HttpMethod.Get, "/egress", ("x-cst", token), ("authorization", "Bearer upstreams"), ("x-forwarded-host", "api.github.com"));
        using var contradiction = await SendAsync(HttpMethod.Get, "", ("x-cst", token), ("authorization", "Bearer upstreams"), ("x-forwarded-host", "api.github.com"));

        Assert.Equal((200, 403), ((int)both.StatusCode, (int)contradiction.StatusCode));
        Assert.Equal("REQUEST_INVALID", Header(contradiction, "x-claw-reason"));
    }

    [Theory]
    [InlineData("/v1/forward-auth/envoy/x", "api.github.com", "HTTP/1.1 200")]
    [InlineData("/v1/forward-auth/envoy/x", "evil.example", "HTTP/1.1 403")]
    [InlineData("/v1/forward-auth/envoy/../../jwks", "evil.example", "HTTP/1.1 403")]
    [InlineData("/v1/forward-auth/envoy/%2e%2e/../jwks", "evil.example", "HTTP/1.1 403")]
    [InlineData("/v1/forward-auth/envoy/../tools", "evil.example", "HTTP/1.1 403")]
    [InlineData("/v1/forward-auth/tools/../tools-too", "evil.example", "HTTP/1.1 403")]
    [InlineData("/v1/forward-auth/unknown", "api.github.com", "HTTP/1.1 404")]
    [InlineData("/v1/forward-auth/", "api.github.com", "HTTP/1.1 403")]
    [InlineData("/v1/jwks", "evil.example", "HTTP/1.1 200")]
    public async Task Ask_PathThatTheCallerMade_NeverLeavesTheDoor(string target, string host, string status)
    {
        var token = await _sidecar.TokenOfAsync("alice");

        Assert.StartsWith(status, await RawAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\nX-Cst: {token}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_RepeatedDestination_IsRefused()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var answer = await RawAsync($"GET /v1/forward-auth HTTP/1.1\r\nHost: a\r\nX-Cst: {token}\r\nX-Forwarded-Host: api.github.com\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.Contains("x-claw-reason: HOST_INVALID", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/forward-auth/a", "/v1/forward-auth/a", true)]
    [InlineData("/v1/forward-auth/a/x?y", "/v1/forward-auth/a/x", true)]
    [InlineData("/v1/forward-auth/a/../b", "/v1/forward-auth/b", false)]
    [InlineData("/v1/forward-auth/a/../ab", "/v1/forward-auth/ab", false)]
    [InlineData("/v1/forward-auth/../jwks", "/v1/jwks", false)]
    [InlineData("/v1/jwks", "/v1/jwks", true)]
    public void Stays_RawTargetAndPath_TellWhetherTheCallerLedAway(string raw, string path, bool stays) =>
        Assert.Equal(stays, new RawPathGuard(["/v1/forward-auth", "/v1/forward-auth/a", "/v1/forward-auth/ab"]).Stays(raw, path));

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : "";

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(_sidecar.HttpAddress + "/v1/forward-auth" + path));
        foreach (var (name, value) in headers.Where(static header => header.Value.Length > 0))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request);
    }

    private async Task<string> RawAsync(string request)
    {
        var address = new Uri(_sidecar.HttpAddress);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(socket.GetStream());
        return await reader.ReadToEndAsync();
    }
}
