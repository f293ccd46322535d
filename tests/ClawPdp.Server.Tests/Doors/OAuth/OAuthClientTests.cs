using System.Net;
using ClawPdp.Core.Json;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Server.Tests.Doors.OAuth;

/// <summary>Clients that are known, and what each may do: exchange, introspect or revoke.</summary>
public sealed class OAuthClientTests : IClassFixture<OAuthSidecar>, IDisposable
{
    private readonly OAuthSidecar _sidecar;
    private readonly OAuthCalls _calls;

    public OAuthClientTests(OAuthSidecar sidecar)
    {
        _sidecar = sidecar;
        _calls = new OAuthCalls(sidecar);
    }

    public void Dispose() => _calls.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exchange_AClient_AuthenticatesEitherWay(bool isBasic)
    {
        var form = await _calls.ExchangeAsync("alice");
        var answer = isBasic
            ? await _calls.PostAsync(OAuthCalls.Token, form, OAuthCalls.Basic("host"))
            : await _calls.PostAsync(OAuthCalls.Token, [.. form, ("client_id", "host"), ("client_secret", OAuthSidecar.Secret)]);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("host", "wrong", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("nobody", OAuthSidecar.Secret, HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("gateway", OAuthSidecar.Secret, HttpStatusCode.BadRequest, "unauthorized_client")]
    public async Task Exchange_AnotherClient_IsRefused(string client, string secret, HttpStatusCode status, string error)
    {
        var answer = await _calls.PostAsync(OAuthCalls.Token, await _calls.ExchangeAsync("alice"), OAuthCalls.Basic(client, secret));

        Assert.Equal((status, error), (answer.Status, answer.Text("error")));
        Assert.Equal(status == HttpStatusCode.Unauthorized, answer.Headers.ContainsKey("WWW-Authenticate"));
    }

    [Fact]
    public async Task Exchange_NoClientTwoWaysOrTwoIds_IsRefused()
    {
        var form = await _calls.ExchangeAsync("alice");

        Assert.Equal("invalid_client", (await _calls.PostAsync(OAuthCalls.Token, form)).Text("error"));
        Assert.Equal("invalid_client", (await _calls.PostAsync(OAuthCalls.Token, [.. form, ("client_id", "host")])).Text("error"));
        Assert.Equal("invalid_request", (await _calls.PostAsync(OAuthCalls.Token, [.. form, ("client_secret", OAuthSidecar.Secret)], OAuthCalls.Basic("host"))).Text("error"));
        Assert.Equal("invalid_request", (await _calls.PostAsync(OAuthCalls.Token, [.. form, ("client_id", "gateway")], OAuthCalls.Basic("host"))).Text("error"));
        Assert.Equal("invalid_client", (await _calls.PostAsync(OAuthCalls.Token, form, ("Authorization", "Basic ***"))).Text("error"));
    }

    [Fact]
    public async Task Introspect_ActiveToken_SaysWhatItHolds()
    {
        var issued = await _calls.PostAsync(OAuthCalls.Token, await _calls.ExchangeAsync("alice", ("scope", "tool:github model:gpt-4o")), OAuthCalls.Basic("host"));
        var answer = await IntrospectAsync(issued.Text("access_token") ?? "");

        Assert.True(answer.Find("active")?.IsTrue);
        Assert.Equal(("model:gpt-4o tool:github", "N_A", "clawpdp", OAuthSidecar.PublicUrl), (answer.Text("scope"), answer.Text("token_type"), answer.Text("aud"), answer.Text("iss")));
        Assert.Equal((_sidecar.Client.AgentDid, _sidecar.Client.AgentDid), (answer.Text("sub"), answer.Text("client_id")));
        Assert.Equal((_sidecar.Installation.PolicyHash, 43, 36), (answer.Text("policy_hash_b64u"), answer.Text("token_scope_hash_b64u")?.Length, answer.Text("jti")?.Length));
        Assert.Equal(600, answer.Find("exp")?.Number - answer.Find("iat")?.Number);
        Assert.Null(answer.Find("username"));
    }

    [Fact]
    public async Task Introspect_WhatIsWorthNothing_IsInactiveAndNothingElse()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        Assert.True((await IntrospectAsync(token)).Find("active")?.IsTrue);
        Assert.Equal(HttpStatusCode.OK, (await _calls.PostAsync(OAuthCalls.Revoke, [("token", token)], OAuthCalls.Basic("desk:1"))).Status);

        foreach (var worthless in new[] { token, token + "==", token[..^4] + "AAAA", "nonsense", new string('a', 20_000) })
        {
            var answer = await IntrospectAsync(worthless);

            Assert.Equal((HttpStatusCode.OK, "{\"active\":false}"), (answer.Status, JsonWriter.CanonicalText(answer.Body)));
        }
    }

    [Fact]
    public async Task Revoke_ATokenTwiceOrNone_Is200AndHolds()
    {
        var token = await _sidecar.TokenOfAsync("bob");

        foreach (var given in new[] { token, token, "nonsense", new string('a', 20_000) })
        {
            var answer = await _calls.PostAsync(OAuthCalls.Revoke, [("token", given), ("token_type_hint", "access_token")], OAuthCalls.Basic("desk:1"));

            Assert.Equal((HttpStatusCode.OK, 0), (answer.Status, answer.Size));
        }

        Assert.Equal("TOKEN_REVOKED", await _sidecar.Client.AskAsync(token, tool: "splunk"));
        var record = (await _sidecar.Client.Tokens.ListRevocationsAsync(new V1.ListRevocationsRequest { Limit = 200 })).Events.First(item => item.Reason.Length > 0);
        Assert.Equal("revoked by client desk:1", record.Reason);
    }

    [Fact]
    public async Task ExchangeAndRevoke_LedgerCannotBeWritten_Are503AndComeAgain()
    {
        var token = await _sidecar.TokenOfAsync("bob");
        var form = await _calls.ExchangeAsync("alice");
        using var outside = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_sidecar.Settings.DataDirectory, "ledger.db"), Pooling = false }.ToString());
        await outside.OpenAsync(TestContext.Current.CancellationToken);
        using var begin = new SqliteCommand("BEGIN IMMEDIATE", outside);
        using var end = new SqliteCommand("ROLLBACK", outside);
        await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var exchanged = await _calls.PostAsync(OAuthCalls.Token, form, OAuthCalls.Basic("host"));
        var revoked = await _calls.PostAsync(OAuthCalls.Revoke, [("token", token)], OAuthCalls.Basic("desk:1"));
        var asked = await _sidecar.Client.AskAsync(token, tool: "splunk");
        await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var again = await _calls.PostAsync(OAuthCalls.Revoke, [("token", token)], OAuthCalls.Basic("desk:1"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "temporarily_unavailable", "LEDGER_UNAVAILABLE"), (exchanged.Status, exchanged.Text("error"), exchanged.Text("reason_code")));
        Assert.Null(exchanged.Text("access_token"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (revoked.Status, revoked.Headers["Retry-After"]));
        Assert.Equal((HttpStatusCode.OK, "TOKEN_REVOKED"), (again.Status, asked));
    }

    [Theory]
    [InlineData(OAuthCalls.Introspect, "host")]
    [InlineData(OAuthCalls.Introspect, "desk:1")]
    [InlineData(OAuthCalls.Revoke, "gateway")]
    public async Task IntrospectAndRevoke_WithoutTheRight_AreRefused(string path, string client)
    {
        var answer = await _calls.PostAsync(path, [("token", "a.b.c")], OAuthCalls.Basic(client));

        Assert.Equal((HttpStatusCode.BadRequest, "unauthorized_client"), (answer.Status, answer.Text("error")));
    }

    [Theory]
    [InlineData(OAuthCalls.Introspect, "gateway")]
    [InlineData(OAuthCalls.Revoke, "desk:1")]
    public async Task IntrospectAndRevoke_WithoutToken_AreInvalid(string path, string client) =>
        Assert.Equal("invalid_request", (await _calls.PostAsync(path, [("token", "")], OAuthCalls.Basic(client))).Text("error"));

    [Fact]
    public async Task IntrospectAndRevoke_ControlScope_IsEnoughAndNothingLess()
    {
        var victim = await _sidecar.TokenOfAsync("carol");
        var control = await _calls.CanonicalAsync("alice");
        var without = await _calls.CanonicalAsync("bob");
        var legacy = await _sidecar.TokenOfAsync("alice");

        var lacking = await _calls.PostAsync(OAuthCalls.Revoke, [("token", victim)], ("Authorization", "Bearer " + without));
        var early = await _calls.PostAsync(OAuthCalls.Revoke, [("token", victim)], ("X-CST", legacy));
        var seen = await _calls.PostAsync(OAuthCalls.Introspect, [("token", victim)], ("Authorization", "Bearer " + control));
        var revoked = await _calls.PostAsync(OAuthCalls.Revoke, [("token", victim)], ("X-CST", control));

        Assert.Equal((HttpStatusCode.Forbidden, "insufficient_scope"), (lacking.Status, lacking.Text("error")));
        Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_CONTROL_CHAIN_MISSING"), (early.Status, early.Text("reason_code")));
        Assert.True(seen.Find("active")?.IsTrue);
        Assert.Equal(HttpStatusCode.OK, revoked.Status);
        Assert.Equal("TOKEN_REVOKED", await _sidecar.Client.AskAsync(victim, tool: "github"));
    }

    [Fact]
    public async Task Metadata_NamesTheEndpointsWhateverTheHost()
    {
        var answer = await _calls.GetAsync("/.well-known/oauth-authorization-server", ("Host", "evil.example"));

        Assert.Equal(OAuthSidecar.PublicUrl, answer.Text("issuer"));
        foreach (var (name, path) in new[] { ("token_endpoint", OAuthCalls.Token), ("introspection_endpoint", OAuthCalls.Introspect), ("revocation_endpoint", OAuthCalls.Revoke), ("jwks_uri", "/v1/jwks") })
        {
            Assert.Equal(OAuthSidecar.PublicUrl + path, answer.Text(name));
        }
    }

    [Fact]
    public async Task Clawsig_NamesTheReceiptKeysAndTheIssuance()
    {
        var answer = await _calls.GetAsync("/.well-known/clawsig.json");

        Assert.Equal(("1", OAuthSidecar.PublicUrl + OAuthCalls.Token), (answer.Text("version"), answer.Text("capability_endpoint")));
        var key = Assert.Single(answer.Find("public_keys")?.Items ?? []);
        Assert.Contains(key.FindText("did"), _sidecar.Installation.TrustedDids());
        Assert.Equal("receipt-signing", key.FindText("use"));
    }

    private Task<HttpAnswer> IntrospectAsync(string token) => _calls.PostAsync(OAuthCalls.Introspect, [("token", token)], OAuthCalls.Basic("gateway"));
}
