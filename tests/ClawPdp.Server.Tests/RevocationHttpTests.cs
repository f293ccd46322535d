using System.Net;
using ClawPdp.Core.Json;
using ClawPdp.Server.Demo;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests;

/// <summary>The public service's lists, on a sidecar of its own whose mapping gives one group a control scope.</summary>
[Trait("Door", "published")]
public sealed class RevocationHttpTests : IAsyncLifetime
{
    private readonly ControlSidecar _sidecar = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sidecar.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sidecar.DisposeAsync();
    }

    [Theory]
    [InlineData("events", "X-CST")]
    [InlineData("stream", "X-Scoped-Token")]
    [InlineData("events", "Authorization")]
    public async Task Get_WithTheScope_GivesPagesInThePublicForm(string list, string header)
    {
        var token = await IssueAsync("alice", isCanonical: true);
        var hashes = "abc".Select(static digit => new string(digit, 64)).ToList();
        foreach (var hash in hashes)
        {
            await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { TokenHash = hash, Reason = "lost" });
        }

        var (_, first) = await GetAsync($"{list}?limit=2", (header, header is "Authorization" ? "Bearer " + token : token));
        var (_, second) = await GetAsync($"{list}?limit=2&cursor={first.FindText("cursor")}", (header, token));

        Assert.Equal([hashes[2], hashes[1]], Hashes(first));
        Assert.Equal([hashes[0]], Hashes(second));
        Assert.Equal(("false", "true"), (TextOf(first, "list_complete"), TextOf(second, "list_complete")));
        Assert.Equal(JsonKind.Null, second.Find("cursor")?.Kind);
        Assert.Equal(list is "stream" ? "1" : null, first.FindText("stream_version"));
        var item = first.Find("events")?.Items[0];
        Assert.Equal(list is "stream" ? 1 : null, item?.Find("sequence")?.Number);
        Assert.StartsWith("events:revocations:", item?.FindText("key"), StringComparison.Ordinal);
        Assert.Equal("lost", item?.Find("record")?.FindText("reason"));
        Assert.EndsWith(".000Z", item?.Find("record")?.FindText("revoked_at_iso"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OtherKinds_AreNotLeftOut()
    {
        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { MissionId = "m" });

        var (_, page) = await GetAsync("events", ("X-CST", await IssueAsync("alice", isCanonical: true)));
        var record = page.Find("events")?.Items[0].Find("record");

        Assert.Equal(("mission_id", "m", null), (record?.FindText("target_kind"), record?.FindText("target_value"), record?.FindText("token_hash")));
    }

    [Fact]
    public async Task IssueCst_FromALegacyParent_HandsOnNoControlScope()
    {
        var request = new IssueCstRequest { ParentCst = await IssueAsync("alice", isCanonical: false), AgentDid = _sidecar.Client.AgentDid };
        request.Audiences.Add(DemoInstallation.Audience);
        var refusal = (await _sidecar.Client.Tokens.IssueCstAsync(request)).Refusal;
        request.ParentCst = await IssueAsync("alice", isCanonical: true);
        var child = (await _sidecar.Client.Tokens.IssueCstAsync(request)).Issued;

        Assert.Equal((ReasonCode.DelegationScopeExceeded, "control:audit:read"), (refusal.ReasonCode, refusal.OffendingItem));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("events", ("X-CST", child.Cst))).Status);
    }

    [Fact]
    public async Task Get_WithoutRight_IsRefused()
    {
        var lacking = await IssueAsync("bob", isCanonical: true);
        var legacy = await IssueAsync("alice", isCanonical: false);
        var good = await IssueAsync("alice", isCanonical: true);
        var revoked = await IssueAsync("alice", isCanonical: true);
        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = revoked });

        Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_REQUIRED"), await RefusalAsync());
        Assert.Equal((HttpStatusCode.Forbidden, "TOKEN_INSUFFICIENT_SCOPE"), await RefusalAsync(("X-CST", lacking)));
        Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_CONTROL_CHAIN_MISSING"), await RefusalAsync(("X-CST", legacy)));
        Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_REVOKED"), await RefusalAsync(("X-CST", revoked)));
        Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_MALFORMED"), await RefusalAsync(("X-CST", good), ("X-Scoped-Token", lacking)));
        Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_MALFORMED"), await RefusalAsync(("X-CST", good + "==")));
        Assert.Equal((HttpStatusCode.Unauthorized, "LEGACY_AUTH_FORBIDDEN"), await RefusalAsync(("Authorization", "Bearer admin-key")));
        var (status, page) = await GetAsync("events?cursor=x", ("X-CST", good));
        Assert.Equal((HttpStatusCode.BadRequest, "REQUEST_INVALID"), (status, page.FindText("error")));
    }

    private static string TextOf(JsonValue page, string name) => JsonWriter.CanonicalText(page.Find(name) ?? JsonValue.Null);

    private static IEnumerable<string?> Hashes(JsonValue page) => page.Find("events")?.Items.Select(static item => item.Find("record")?.FindText("token_hash")) ?? [];

    private async Task<string> IssueAsync(string user, bool isCanonical)
    {
        var request = new IssueCstRequest { IdToken = await _sidecar.Client.SignInAsync(user), AgentDid = _sidecar.Client.AgentDid };
        request.Audiences.Add(DemoInstallation.Audience);
        if (isCanonical)
        {
            (request.OwnerDid, request.ControllerDid) = ("did:web:owner.example", "did:web:controller.example");
        }

        return (await _sidecar.Client.Tokens.IssueCstAsync(request)).Issued.Cst;
    }

    private async Task<(HttpStatusCode Status, string? Error)> RefusalAsync(params (string Name, string Value)[] headers)
    {
        var (status, body) = await GetAsync("events", headers);
        return (status, body.FindText("error"));
    }

    private async Task<(HttpStatusCode Status, JsonValue Body)> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_sidecar.HttpAddress}/v1/revocations/{path}"));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, Cancellation);
        return (response.StatusCode, JsonReader.Parse(await response.Content.ReadAsByteArrayAsync(Cancellation), 1 << 20).Value);
    }

    private sealed class ControlSidecar : RunningSidecar
    {
        private protected override Settings.ServerSettings Adjust(Settings.ServerSettings settings)
        {
            var mapping = settings.Issuance.ScopeMappingPath;
            File.WriteAllText(mapping, File.ReadAllText(mapping).Replace("\"okta_group\":\"platform-engineers\"", "\"okta_group\":\"platform-engineers\",\"scopes\":[\"control:audit:read\"]", StringComparison.Ordinal));
            return settings with { Issuance = settings.Issuance with { AllowControlScopes = true } };
        }
    }
}
