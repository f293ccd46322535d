using System.Net;
using ClawPdp.Server.Doors.AuthZen;

namespace ClawPdp.Server.Tests.Doors.AuthZen;

/// <summary>The metadata comes from the configuration, and never from a request.</summary>
public sealed class AuthZenMetadataTests : IAsyncLifetime
{
    private readonly NamedSidecar _sidecar = new();

    public ValueTask InitializeAsync() => _sidecar.InitializeAsync();

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    [Fact]
    public async Task Get_WithAPublicUrl_NamesTheEndpointsWhateverTheHost()
    {
        using var caller = new AuthZenCaller(_sidecar);

        var answer = await caller.GetAsync("/.well-known/authzen-configuration", ("Host", "evil.example"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("https://pdp.example.com", answer.Text("policy_decision_point"));
        Assert.Equal("https://pdp.example.com/access/v1/evaluation", answer.Text("access_evaluation_endpoint"));
        Assert.Equal("https://pdp.example.com/access/v1/evaluations", answer.Text("access_evaluations_endpoint"));
        Assert.Equal("https://pdp.example.com/access/v1/search/action", answer.Text("search_action_endpoint"));
        Assert.Equal(4, answer.Body.Members.Length);
    }

    private sealed class NamedSidecar : RunningSidecar
    {
        private protected override Settings.ServerSettings Adjust(Settings.ServerSettings settings) => settings with { Doors = [new AuthZenDoor("https://pdp.example.com")] };
    }
}
