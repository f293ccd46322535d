using System.Net;

namespace ClawPdp.EndToEnd.Tests.Doors.Proxies;

/// <summary>Real proxies, as the documentation configures them, between a caller and an upstream.</summary>
public sealed class ForwardAuthProxyTests : IClassFixture<DoorSidecar>
{
    private readonly DoorSidecar _sidecar;

    public ForwardAuthProxyTests(DoorSidecar sidecar) => _sidecar = sidecar;

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    [InlineData("haproxy")]
    public async Task Forward_AllowedRequest_ReachesTheUpstreamWithTheDecisionAndWithoutTheToken(string proxy)
    {
        await using var scene = await StartAsync(proxy, "github");

        var (status, headers, body) = await scene.SendAsync(("x-cst", _sidecar.Token));

        Assert.True(status == HttpStatusCode.OK, headers + body);
        Assert.Contains("x-claw-decision-id: dec_", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_sidecar.Token, body, StringComparison.Ordinal);
        Assert.Equal(1, scene.Upstream.Count);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    [InlineData("haproxy")]
    public async Task Forward_WhatTheTokenDoesNotAllow_NeverReachesTheUpstream(string proxy)
    {
        await using var scene = await StartAsync(proxy, "splunk");

        var denied = await scene.SendAsync(("x-cst", _sidecar.Token));
        var anonymous = await scene.SendAsync();
        var forged = await scene.SendAsync(("authorization", "Bearer x.y.z"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (denied.Status, anonymous.Status, forged.Status));
        Assert.Contains("x-claw-reason: TOOL_NOT_ALLOWED", denied.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("www-authenticate: Bearer realm=\"clawpdp\"", anonymous.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, scene.Upstream.Count);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    [InlineData("haproxy")]
    public async Task Forward_CallerThatClaimsWhatIsNotItsToSay_GainsNothing(string proxy)
    {
        await using var scene = await StartAsync(proxy, "splunk");
        await using var good = await StartAsync(proxy, "github");

        var tool = await scene.SendAsync(("x-cst", _sidecar.Token), ("x-claw-tool", "github"), ("x-forwarded-host", "api.github.com"), ("x-forwarded-uri", "/v1/jwks"));
        var host = await good.SendAsync(("x-cst", _sidecar.Token), ("x-claw-host", "evil.example"));
        var decision = await good.SendAsync(("x-cst", _sidecar.Token), ("x-claw-decision-id", "dec_forged"));
        var repeated = await good.SendAsync(("x-cst", _sidecar.Token), ("x-forwarded-host", "evil.example"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (tool.Status, host.Status, decision.Status));
        Assert.Equal(HttpStatusCode.OK, repeated.Status);
        Assert.Equal((0, 1), (scene.Upstream.Count, good.Upstream.Count));
    }

    [Theory]
    [InlineData("nginx", HttpStatusCode.InternalServerError)]
    [InlineData("caddy", HttpStatusCode.BadGateway)]
    [InlineData("haproxy", HttpStatusCode.ServiceUnavailable)]
    public async Task Forward_WithoutASidecar_Refuses(string proxy, HttpStatusCode status)
    {
        await using var scene = await ProxyScene.StartAsync(proxy, "127.0.0.1:9", "github");

        var answer = await scene.SendAsync(("x-cst", "any"));

        Assert.Equal((status, 0), (answer.Status, scene.Upstream.Count));
    }

    private Task<ProxyScene> StartAsync(string proxy, string tool)
    {
        Assert.True(File.Exists(PublishedSidecar.Binary));
        return ProxyScene.StartAsync(proxy, _sidecar.Http, tool);
    }
}
