using System.Net;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Server.Tests.Doors.OAuth;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.Reference;

/// <summary>The public issuer's own paths.</summary>
public sealed class ReferencePathsTests : IClassFixture<ControlSidecar>, IDisposable
{
    private readonly ControlSidecar _sidecar;
    private readonly HttpCaller _http;
    private readonly OAuthCalls _calls;

    public ReferencePathsTests(ControlSidecar sidecar)
    {
        _sidecar = sidecar;
        _http = new HttpCaller(sidecar);
        _calls = new OAuthCalls(sidecar);
    }

    public void Dispose()
    {
        _http.Dispose();
        _calls.Dispose();
    }

    [Fact]
    public async Task Did_IsThatOfTheKeyInTheJwks()
    {
        var did = await _http.GetAsync("/v1/did");
        var key = (await _http.GetAsync("/v1/jwks")).Find("keys")?.Items[0];

        Assert.Equal((key?.FindText("kid"), key?.FindText("x")), (did.Text("kid"), did.Text("public_key_b64u")));
        Assert.StartsWith("did:key:z6Mk", did.Text("did"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RotationContract_NamesTheKeys()
    {
        var contract = await _http.GetAsync("/v1/keys/rotation-contract");
        var kid = (await _http.GetAsync("/v1/did")).Text("kid");

        Assert.Equal(("2", "Ed25519", kid), (contract.Text("contract_version"), contract.Text("key_algorithm"), contract.Text("active_kid")));
        Assert.Equal([kid], contract.Find("accepted_kids")?.Items.Select(static item => item.Text) ?? []);
        Assert.Equal((3600, false), (contract.Find("overlap_seconds")?.Number, contract.Find("overlap_window_open")?.IsTrue));
    }

    [Fact]
    public async Task Transparency_IsSignedOverItsFirstNineMembers()
    {
        var answer = await _http.GetAsync("/v1/keys/transparency/latest");
        var again = await _http.GetAsync("/v1/keys/transparency/latest");
        string[] order = ["snapshot_version", "generated_at", "generated_at_iso", "active_kid", "accepted_kids", "signing_kids", "verify_only_kids", "expiring_kids", "overlap_seconds"];
        var signed = JsonWriter.WriteAsReceived(JsonValue.ObjectOf([.. order.Select(name => new JsonMember(name, answer.Find(name) ?? JsonValue.Null))]));
        Assert.True(Base64UrlText.TryDecode((await _http.GetAsync("/v1/did")).Text("public_key_b64u") ?? "", out var raw));
        Assert.True(Base64UrlText.TryDecode(answer.Text("signature_b64u") ?? "", out var signature));

        Assert.Equal(Sha256.B64u(signed), answer.Text("snapshot_hash_b64u"));
        Assert.True(Verify(raw, signed, signature));
        signed[^2] ^= 1;
        Assert.False(Verify(raw, signed, signature));
        Assert.Equal(answer.Text("active_kid"), answer.Text("signer_kid"));
        Assert.Equal(answer.Text("signature_b64u"), again.Text("signature_b64u"));
    }

    [Fact]
    public async Task Introspect_ActiveRevokedAndWrong_AreAsThePublicIssuerHasThem()
    {
        var token = await _sidecar.TokenOfAsync("bob");
        var active = await PostAsync("/v1/tokens/introspect", token);
        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = token });
        var revoked = await PostAsync("/v1/tokens/introspect", token);
        var wrong = await PostAsync("/v1/tokens/introspect", token + "==");

        Assert.Equal((HttpStatusCode.OK, true, (JsonValue?)null), (active.Status, active.Find("active")?.IsTrue, active.Find("revoked")));
        Assert.Equal((Sha256.Hex(token), _sidecar.Client.AgentDid, "header"), (active.Text("token_hash"), active.Text("sub"), active.Text("kid_source")));
        Assert.Null(active.Find("jti"));
        Assert.Equal((HttpStatusCode.OK, false, true), (revoked.Status, revoked.Find("active")?.IsTrue, revoked.Find("revoked")?.IsTrue));
        Assert.EndsWith(".000Z", revoked.Text("revoked_at_iso"), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_MALFORMED"), (wrong.Status, wrong.Text("error")));
    }

    [Theory]
    [InlineData("", "INVALID_JSON")]
    [InlineData("[]", "INVALID_REQUEST")]
    [InlineData("{}", "INVALID_REQUEST")]
    [InlineData("{\"token\":1}", "INVALID_REQUEST")]
    public async Task Introspect_NoToken_Is400(string body, string code)
    {
        var answer = await _http.PostAsync("/v1/tokens/introspect", body, "application/json");

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Text("error")));
    }

    [Fact]
    public async Task Matrix_SaysWhatATokenMayChange()
    {
        var control = await _calls.CanonicalAsync("alice");
        var matrix = await PostAsync("/v1/tokens/introspect/matrix", control, ("transition", "token.revoke"));
        var legacy = await PostAsync("/v1/tokens/introspect/matrix", await _sidecar.TokenOfAsync("alice"));
        var unknown = await PostAsync("/v1/tokens/introspect/matrix", control, ("transition", "everything"));

        Assert.Equal("ALLOWED", matrix.Text("transition_result", "reason_code"));
        Assert.Equal(("TOKEN_SCOPE_MISSING", false), (matrix.Text("matrix", "key.rotate", "reason_code"), matrix.Find("matrix", "key.rotate", "allowed")?.IsTrue));
        Assert.Equal(("TOKEN_CONTROL_CHAIN_MISSING", JsonKind.Null), (legacy.Text("matrix", "token.revoke", "reason_code"), legacy.Find("transition_result")?.Kind));
        Assert.Equal((HttpStatusCode.BadRequest, "TRANSITION_UNKNOWN"), (unknown.Status, unknown.Text("error")));
    }

    [Fact]
    public async Task Revoke_ByTextAndByHash_KeepsTheFirstTime()
    {
        var control = await _calls.CanonicalAsync("alice");
        var token = await _sidecar.TokenOfAsync("bob");

        var first = await RevokeAsync(control, $$"""{"token":"{{token}}","reason":"lost"}""");
        var second = await RevokeAsync(control, $$"""{"token_hash":"{{Sha256.Hex(token).ToUpperInvariant()}}"}""");
        var unseen = await RevokeAsync(control, $$"""{"token_hash":"{{new string('e', 64)}}"}""");

        Assert.Equal(("revoked", "already_revoked", "revoked"), (first.Text("status"), second.Text("status"), unseen.Text("status")));
        Assert.Equal((Sha256.Hex(token), first.Text("revoked_at_iso")), (second.Text("token_hash"), second.Text("revoked_at_iso")));
        Assert.EndsWith(":" + Sha256.Hex(token), first.Text("event_key"), StringComparison.Ordinal);
        Assert.Equal("TOKEN_REVOKED", await _sidecar.Client.AskAsync(token, tool: "splunk"));
    }

    [Fact]
    public async Task RevokeAndAudit_WithoutRight_AreRefused()
    {
        var without = await _calls.CanonicalAsync("bob");
        var bad = await RevokeAsync(await _calls.CanonicalAsync("alice"), """{"token_hash":"short"}""");

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_TOKEN_HASH"), (bad.Status, bad.Text("error")));
        Assert.Equal((HttpStatusCode.Forbidden, "TOKEN_INSUFFICIENT_SCOPE"), await ErrorAsync(RevokeAsync(without, "{}")));
        foreach (var path in new[] { "/v1/audit/issuance", "/v1/audit/bundle" })
        {
            Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_REQUIRED"), await ErrorAsync(_http.GetAsync(path)));
            Assert.Equal((HttpStatusCode.Forbidden, "TOKEN_INSUFFICIENT_SCOPE"), await ErrorAsync(_http.GetAsync(path, ("X-CST", without))));
        }
    }

    [Fact]
    public async Task Audit_Pages_FollowEachOtherAndNameNoUser()
    {
        var control = await _calls.CanonicalAsync("alice");
        var token = await _sidecar.TokenOfAsync("carol");

        var first = await _http.GetAsync("/v1/audit/issuance?limit=1", ("X-CST", control));
        var second = await _http.GetAsync("/v1/audit/issuance?limit=1&cursor=" + first.Text("cursor"), ("X-CST", control));
        var bundle = await _http.GetAsync("/v1/audit/bundle", ("X-CST", control));
        var wrong = await _http.GetAsync("/v1/audit/bundle?cursor_revocations=x", ("X-CST", control));

        var record = first.Find("events")?.Items[0].Find("record");
        Assert.Equal((Sha256.Hex(token), Sha256.Hex(control)), (record?.FindText("token_hash"), second.Find("events")?.Items[0].Find("record")?.FindText("token_hash")));
        Assert.StartsWith("events:issuance:", first.Find("events")?.Items[0].FindText("key"), StringComparison.Ordinal);
        Assert.Null(record?.Find("identity"));
        Assert.Null(record?.Find("nonce"));
        Assert.Equal(JsonKind.Array, bundle.Find("issuance", "events")?.Kind);
        Assert.Equal(JsonKind.Array, bundle.Find("revocations", "events")?.Kind);
        Assert.DoesNotContain("carol", JsonWriter.CanonicalText(bundle.Body), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "REQUEST_INVALID"), (wrong.Status, wrong.Text("error")));
    }

    private static bool Verify(byte[] key, byte[] text, byte[] signature) => Ed25519PublicKey.TryFromRaw(key, out var read) && read.Verify(text, signature);

    private static async Task<(HttpStatusCode Status, string? Error)> ErrorAsync(Task<HttpAnswer> call)
    {
        var answer = await call;
        return (answer.Status, answer.Text("error"));
    }

    private Task<HttpAnswer> RevokeAsync(string control, string body) => _http.PostAsync("/v1/tokens/revoke", body, "application/json", ("X-CST", control));

    private Task<HttpAnswer> PostAsync(string path, string token, params (string Name, string Value)[] more)
    {
        var body = new JsonObjectBuilder().Add("token", token);
        foreach (var (name, value) in more)
        {
            body.Add(name, value);
        }

        return _http.PostAsync(path, Encoding.UTF8.GetString(JsonWriter.WriteCanonical(body.Build())), "application/json");
    }
}
