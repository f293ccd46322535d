using System.Net;
using System.Text.Json.Nodes;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.OAuth;

/// <summary>Identity assertions (ID-JAG) at the token endpoint, as subject tokens and by the JWT bearer grant.</summary>
public sealed class AssertionTests : IClassFixture<AssertionSidecar>, IDisposable
{
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string Bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string IdJag = "urn:ietf:params:oauth:token-type:id-jag";

    private readonly AssertionSidecar _sidecar;
    private readonly OAuthCalls _calls;

    public AssertionTests(AssertionSidecar sidecar)
    {
        _sidecar = sidecar;
        _calls = new OAuthCalls(sidecar);
    }

    public void Dispose() => _calls.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Assertion_AGoodOne_GivesATokenThatTheCoreDecidesOn(bool isGrant)
    {
        var answer = await PostAsync(isGrant, _sidecar.Issuer.Sign());

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text("error_description"));
        Assert.Equal((isGrant ? "Bearer" : "N_A", isGrant ? null : OAuthCalls.JwtType), (answer.Text("token_type"), answer.Text("issued_token_type")));
        Assert.Contains("tool:github", answer.Text("scope")?.Split(' ') ?? []);
        Assert.Equal("ALLOW", await _sidecar.Client.AskAsync(answer.Text("access_token") ?? "", tool: "github"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Assertion_Twice_IsGoodOnce(bool isGrant)
    {
        var assertion = _sidecar.Issuer.Sign();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(isGrant, assertion)).Status);

        foreach (var again in new[] { isGrant, !isGrant })
        {
            await AssertRefusedAsync(again, assertion, "ID_JAG_USED");
        }
    }

    [Fact]
    public async Task Assertion_ManyAtOnceWithOneId_GiveOneToken()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => PostAsync(index % 2 == 0, _sidecar.Issuer.Sign(static claims => claims["jti"] = "the-one"))));

        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(static answer => answer.Text("reason_code") == "ID_JAG_USED"));
    }

    [Fact]
    public async Task Assertion_ThatGaveNothing_IsNotUsed()
    {
        var assertion = _sidecar.Issuer.Sign();

        Assert.Equal("invalid_scope", (await PostAsync(isGrant: true, assertion, ("scope", "tool:splunk"))).Text("error"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(isGrant: true, assertion)).Status);
    }

    [Theory]
    [InlineData("aud", "\"https://pdp.example.con\"", "ID_TOKEN_BAD_AUDIENCE")]
    [InlineData("client_id", "\"other\"", "ID_JAG_CLIENT_MISMATCH")]
    [InlineData("jti", "null", "ID_TOKEN_INVALID_CLAIMS")]
    [InlineData("exp", "1", "ID_TOKEN_EXPIRED")]
    [InlineData("iat", "99999999999", "ID_TOKEN_NOT_YET_VALID")]
    [InlineData("iss", "\"https://evil.example\"", "ID_TOKEN_ISSUER_UNKNOWN")]
    [InlineData("sub", "\"\"", "ID_TOKEN_INVALID_CLAIMS")]
    [InlineData("cnf", "{\"jkt\":\"x\"}", "ID_TOKEN_INVALID_CLAIMS")]
    [InlineData("groups", "7", "GROUPS_INVALID")]
    [InlineData("groups", "[\"nobodies\"]", "GROUP_NOT_MAPPED")]
    public async Task Assertion_OneClaimOff_IsRefusedWithItsReason(string claim, string json, string reason)
    {
        foreach (var isGrant in new[] { true, false })
        {
            await AssertRefusedAsync(isGrant, _sidecar.Issuer.Sign(claims => claims[claim] = JsonNode.Parse(json)), reason);
        }
    }

    [Fact]
    public async Task Assertion_WithoutGroups_IsRefused() =>
        await AssertRefusedAsync(isGrant: true, _sidecar.Issuer.Sign(static claims => claims.Remove("groups")), "GROUPS_MISSING");

    [Fact]
    public async Task Assertion_AnIdTokenInItsPlaceOrItForOne_IsRefused()
    {
        await AssertRefusedAsync(isGrant: true, _sidecar.Issuer.Sign(type: "JWT"), "ID_TOKEN_INVALID_CLAIMS");
        await AssertRefusedAsync(isGrant: false, await _sidecar.Client.SignInAsync("alice"), "ID_TOKEN_INVALID_CLAIMS");
        var answer = await PostAsync(isGrant: false, _sidecar.Issuer.Sign(static claims => claims["aud"] = "agent"), ("subject_token_type", OAuthCalls.IdTokenType));
        Assert.Equal(("invalid_request", "ID_TOKEN_INVALID_CLAIMS"), (answer.Text("error"), answer.Text("reason_code")));
    }

    [Fact]
    public async Task Assertion_OfAnotherClient_IsRefused()
    {
        var assertion = _sidecar.Issuer.Sign();

        var answer = await _calls.PostAsync(OAuthCalls.Token, Form(isGrant: true, assertion), OAuthCalls.Basic("other"));
        var nobody = await _calls.PostAsync(OAuthCalls.Token, Form(isGrant: true, assertion));

        Assert.Equal(("invalid_grant", "ID_JAG_CLIENT_MISMATCH"), (answer.Text("error"), answer.Text("reason_code")));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (nobody.Status, nobody.Text("error")));
    }

    [Theory]
    [InlineData("tool:github model:gpt-4o", "", "model:gpt-4o tool:github", null)]
    [InlineData("tool:github tool:terraform", "tool:github", "tool:github", null)]
    [InlineData("tool:github", "tool:terraform", null, "SCOPE_NOT_ALLOWED")]
    [InlineData("tool:github tool:splunk", "", null, "SCOPE_NOT_ALLOWED")]
    [InlineData("openid", "", null, "SCOPE_NOT_ALLOWED")]
    [InlineData("", "", null, "SCOPE_EMPTY")]
    public async Task Assertion_Scope_BoundsWhatIsGranted(string scope, string asked, string? granted, string? reason)
    {
        var answer = await PostAsync(isGrant: true, _sidecar.Issuer.Sign(claims => claims["scope"] = scope), ("scope", asked));

        Assert.Equal((granted, reason), (answer.Text("scope"), answer.Text("reason_code")));
        Assert.Equal(reason is null ? null : "invalid_scope", answer.Text("error"));
    }

    [Theory]
    [InlineData("resource", AssertionSidecar.Resource, true)]
    [InlineData("audience", AssertionSidecar.Resource, true)]
    [InlineData("audience", "clawpdp", false)]
    public async Task Assertion_Resource_BoundsTheAudience(string parameter, string value, bool isGood)
    {
        var answer = await PostAsync(isGrant: true, _sidecar.Issuer.Sign(static claims => claims["resource"] = AssertionSidecar.Resource), ("audience", ""), (parameter, value));

        Assert.Equal(isGood ? null : "invalid_target", answer.Text("error"));
        if (isGood)
        {
            var claims = (await _sidecar.Client.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = answer.Text("access_token") })).Claims;
            Assert.Equal([AssertionSidecar.Resource], claims.Audiences);
        }
    }

    [Theory]
    [InlineData("assertion", "", "invalid_request")]
    [InlineData("assertion", "nonsense", "invalid_grant")]
    [InlineData("subject_token", "a.b.c", "invalid_request")]
    [InlineData("requested_token_type", "urn:ietf:params:oauth:token-type:jwt", "invalid_request")]
    [InlineData("agent_did", "", "invalid_request")]
    [InlineData("audience", "elsewhere", "invalid_target")]
    public async Task Grant_OneParameterOff_IsTheErrorOfTheRfc(string name, string value, string error)
    {
        var answer = await PostAsync(isGrant: true, _sidecar.Issuer.Sign(), (name, value));

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Text("error")));
    }

    [Fact]
    public async Task Grpc_AnAssertion_IsNotTaken()
    {
        var answer = await _sidecar.Client.Tokens.IssueCstAsync(new IssueCstRequest { IdJag = _sidecar.Issuer.Sign(), AgentDid = _sidecar.Client.AgentDid, Audiences = { "clawpdp" } });

        Assert.Equal(ReasonCode.NotSupported, answer.Refusal?.ReasonCode);
    }

    [Fact]
    public async Task Metadata_SaysThatAssertionsAreTaken()
    {
        var document = await _calls.GetAsync("/.well-known/oauth-authorization-server");

        Assert.Equal([Exchange, Bearer], document.Find("grant_types_supported")?.Items.Select(static item => item.Text));
        Assert.Equal(["urn:ietf:params:oauth:grant-profile:id-jag"], document.Find("authorization_grant_profiles_supported")?.Items.Select(static item => item.Text));
    }

    private async Task AssertRefusedAsync(bool isGrant, string assertion, string reason)
    {
        var answer = await PostAsync(isGrant, assertion);

        Assert.Equal((HttpStatusCode.BadRequest, isGrant ? "invalid_grant" : "invalid_request", reason), (answer.Status, answer.Text("error"), answer.Text("reason_code")));
    }

    private Task<HttpAnswer> PostAsync(bool isGrant, string assertion, params (string Name, string Value)[] changes) =>
        _calls.PostAsync(OAuthCalls.Token, Form(isGrant, assertion, changes), OAuthCalls.Basic("host"));

    private List<(string Name, string Value)> Form(bool isGrant, string assertion, params (string Name, string Value)[] changes)
    {
        List<(string Name, string Value)> form = isGrant
            ? [("grant_type", Bearer), ("assertion", assertion)]
            : [("grant_type", Exchange), ("subject_token_type", IdJag), ("subject_token", assertion)];
        form.AddRange([("agent_did", _sidecar.Client.AgentDid), ("audience", "clawpdp")]);
        form.RemoveAll(pair => changes.Any(change => change.Name == pair.Name));
        form.AddRange(changes);
        return form;
    }
}
