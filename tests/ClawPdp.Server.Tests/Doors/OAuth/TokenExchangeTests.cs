using System.Net;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.OAuth;

/// <summary>Token exchange without configured clients: the ID token is the credential, as for gRPC.</summary>
[Trait("Door", "published")]
[Collection(PlainDoors.Name)]
public sealed class TokenExchangeTests : IDisposable
{
    private readonly RunningSidecar _sidecar;
    private readonly OAuthCalls _calls;

    public TokenExchangeTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _calls = new OAuthCalls(sidecar);
    }

    public void Dispose() => _calls.Dispose();

    [Fact]
    public async Task Exchange_IdToken_GivesATokenThatTheCoreDecidesOn()
    {
        var answer = await ExchangeAsync("alice", ("requested_token_type", OAuthCalls.JwtType));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((OAuthCalls.JwtType, "N_A"), (answer.Text("issued_token_type"), answer.Text("token_type")));
        Assert.InRange(answer.Find("expires_in")?.Number ?? 0, 590, 600);
        Assert.Equal(("no-store", "no-cache"), (answer.Headers["Cache-Control"], answer.Headers["Pragma"]));
        Assert.Contains("tool:github", answer.Text("scope")?.Split(' ') ?? []);
        Assert.Equal("ALLOW", await _sidecar.Client.AskAsync(answer.Text("access_token") ?? "", tool: "github"));
    }

    [Fact]
    public async Task Exchange_Scope_NarrowsAndSaysWhatIsLeft()
    {
        var answer = await ExchangeAsync("alice", ("scope", "tool:github egress:API.github.com"));
        var token = answer.Text("access_token") ?? "";

        Assert.Equal("egress:api.github.com tool:github", answer.Text("scope"));
        Assert.Equal("TOOL_NOT_ALLOWED", await _sidecar.Client.AskAsync(token, tool: "terraform"));
        Assert.Equal("MODEL_NOT_ALLOWED", await _sidecar.Client.AskAsync(token, model: "gpt-4o"));
    }

    [Fact]
    public async Task Exchange_OneAudienceAlone_NeedNotBeNamed()
    {
        var form = await _calls.ExchangeAsync("alice");
        form.RemoveAll(static pair => pair.Name == "audience");

        Assert.Equal(HttpStatusCode.OK, (await _calls.PostAsync(OAuthCalls.Token, form)).Status);
    }

    [Fact]
    public async Task Exchange_ParentToken_DelegatesInsideIt()
    {
        var parent = (await ExchangeAsync("alice", ("scope", "tool:github tool:terraform"))).Text("access_token") ?? "";
        var child = await ExchangeAsync("alice", ("subject_token", parent), ("subject_token_type", OAuthCalls.JwtType), ("scope", "tool:github"), ("agent_did", "did:web:sub.example"));
        var more = await ExchangeAsync("alice", ("subject_token", parent), ("subject_token_type", OAuthCalls.JwtType), ("scope", "tool:argo-cd"));

        Assert.Equal((HttpStatusCode.OK, "tool:github"), (child.Status, child.Text("scope")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_scope", "DELEGATION_SCOPE_EXCEEDED"), (more.Status, more.Text("error"), more.Text("reason_code")));
        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = parent });
        Assert.Equal("TOKEN_REVOKED", await _sidecar.Client.AskAsync(child.Text("access_token") ?? "", tool: "github"));
    }

    [Fact]
    public async Task Exchange_FurtherParameters_ReachTheToken()
    {
        var answer = await ExchangeAsync("alice", ("requested_ttl", "60"), ("mission_id", "m-1"), ("owner_did", "did:web:o.example"), ("controller_did", "did:web:c.example"), ("spend_cap", "1.5"));
        var claims = (await _sidecar.Client.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = answer.Text("access_token") })).Claims;

        Assert.InRange(answer.Find("expires_in")?.Number ?? 0, 55, 60);
        Assert.Equal(("m-1", "did:web:o.example", "did:web:c.example", 1.5, "canonical"), (claims.MissionId, claims.OwnerDid, claims.ControllerDid, claims.SpendCap, claims.TokenLane));
    }

    [Theory]
    [InlineData("grant_type", "", "invalid_request", null)]
    [InlineData("grant_type", "client_credentials", "unsupported_grant_type", null)]
    [InlineData("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "invalid_request", null)]
    [InlineData("subject_token", "", "invalid_request", null)]
    [InlineData("subject_token", "nonsense", "invalid_request", "ID_TOKEN_MALFORMED")]
    [InlineData("subject_token_type", "", "invalid_request", null)]
    [InlineData("subject_token_type", "urn:ietf:params:oauth:token-type:id-jag", "invalid_request", "NOT_SUPPORTED")]
    [InlineData("subject_token_type", "urn:ietf:params:oauth:token-type:jwt", "invalid_request", null)]
    [InlineData("requested_token_type", "urn:ietf:params:oauth:token-type:access_token", "invalid_request", null)]
    [InlineData("actor_token", "a.b.c", "invalid_request", null)]
    [InlineData("actor_token_type", "urn:ietf:params:oauth:token-type:jwt", "invalid_request", null)]
    [InlineData("audience", "elsewhere", "invalid_target", "AUDIENCE_NOT_ALLOWED")]
    [InlineData("resource", "https://elsewhere.example/", "invalid_target", "AUDIENCE_NOT_ALLOWED")]
    [InlineData("resource", "https://elsewhere.example/#part", "invalid_target", null)]
    [InlineData("resource", "not absolute", "invalid_target", null)]
    [InlineData("scope", "tool:splunk", "invalid_scope", "SCOPE_NOT_ALLOWED")]
    [InlineData("scope", "tool:github  tool:terraform", "invalid_scope", null)]
    [InlineData("scope", "tool:", "invalid_scope", null)]
    [InlineData("scope", "tool:\u00fc", "invalid_scope", null)]
    [InlineData("agent_did", "", "invalid_request", "AGENT_DID_INVALID")]
    [InlineData("requested_ttl", "0", "invalid_request", "INVALID_TTL")]
    [InlineData("requested_ttl", "-1", "invalid_request", null)]
    [InlineData("spend_cap", "NaN", "invalid_request", null)]
    [InlineData("policy_hash_b64u", "short", "invalid_request", "POLICY_HASH_INVALID")]
    public async Task Exchange_OneFault_IsTheErrorOfTheRfc(string name, string value, string error, string? reason)
    {
        var answer = await ExchangeAsync("alice", (name, value));

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Text("error")));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.NotEmpty(answer.Text("error_description") ?? "");
        if (reason is not null)
        {
            Assert.Equal(reason, answer.Text("reason_code"));
        }
    }

    [Theory]
    [InlineData("grant_type")]
    [InlineData("subject_token")]
    [InlineData("scope")]
    [InlineData("anything")]
    public async Task Exchange_ParameterTwice_IsInvalid(string name)
    {
        var form = await _calls.ExchangeAsync("alice", (name, "a"), (name, "b"));

        Assert.Equal("invalid_request", (await _calls.PostAsync(OAuthCalls.Token, form)).Text("error"));
    }

    [Fact]
    public async Task Exchange_AudienceTwice_MayBe() =>
        Assert.Equal("invalid_target", (await ExchangeAsync("alice", ("audience", "clawpdp"), ("audience", "elsewhere"))).Text("error"));

    [Theory]
    [InlineData("grant_type=%zz")]
    [InlineData("grant_type=%ff")]
    [InlineData("grant_type=%f")]
    [InlineData("")]
    public async Task Exchange_NoForm_IsInvalid(string body)
    {
        var answer = await _calls.PostTextAsync(OAuthCalls.Token, body);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Text("error")));
    }

    [Fact]
    public async Task Exchange_AnotherMediaType_IsInvalid() =>
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), await ErrorAsync(_calls.PostAsAsync(OAuthCalls.Token, "{}", "application/json")));

    [Fact]
    public async Task Exchange_CredentialsOfNobody_AreRefused()
    {
        var answer = await _calls.PostAsync(OAuthCalls.Token, await _calls.ExchangeAsync("alice"), OAuthCalls.Basic("host"));

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Text("error")));
        Assert.StartsWith("Basic ", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/oauth2/introspect")]
    [InlineData("/oauth2/revoke")]
    public async Task IntrospectAndRevoke_WithoutCaller_Are401(string path)
    {
        var answer = await _calls.PostAsync(path, [("token", "a.b.c")]);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Text("error")));
    }

    [Fact]
    public async Task Metadata_WithoutPublicUrl_Is404() =>
        Assert.Equal((HttpStatusCode.NotFound, "NOT_CONFIGURED"), await ErrorAsync(_calls.GetAsync("/.well-known/oauth-authorization-server")));

    private static async Task<(HttpStatusCode Status, string? Error)> ErrorAsync(Task<HttpAnswer> call)
    {
        var answer = await call;
        return (answer.Status, answer.Text("error"));
    }

    private async Task<HttpAnswer> ExchangeAsync(string user, params (string Name, string Value)[] changes) =>
        await _calls.PostAsync(OAuthCalls.Token, await _calls.ExchangeAsync(user, changes));
}
