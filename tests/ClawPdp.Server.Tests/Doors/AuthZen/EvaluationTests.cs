using System.Net;
using System.Text.Json.Nodes;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.AuthZen;

/// <summary>The Access Evaluation API: what it answers, and what is no question.</summary>
[Trait("Door", "published")]
[Collection(PlainDoors.Name)]
public sealed class EvaluationTests : IDisposable
{
    private const string Good = """{"subject":{"type":"agent","id":"a"},"resource":{"type":"tool","id":"github"},"action":{"name":"call"}}""";

    private readonly RunningSidecar _sidecar;
    private readonly AuthZenCaller _caller;

    public EvaluationTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _caller = new AuthZenCaller(sidecar);
    }

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("tool", "github", "call", true, "ALLOWED")]
    [InlineData("tool", "github", "tools/call", true, "ALLOWED")]
    [InlineData("model", "gpt-4o", "use", false, "POLICY_PROVIDER_NOT_ALLOWED")]
    [InlineData("host", "API.github.com.", "connect", true, "ALLOWED")]
    [InlineData("tool", "splunk", "call", false, "TOOL_NOT_ALLOWED")]
    [InlineData("host", "example.com", "connect", false, "EGRESS_NOT_ALLOWED")]
    [InlineData("tool", "github", "read", false, "REQUEST_INVALID")]
    [InlineData("tool", "github", "connect", false, "REQUEST_INVALID")]
    [InlineData("record", "record-1", "read", false, "REQUEST_INVALID")]
    public async Task Evaluate_AQuestion_IsAnsweredWithItsReason(string type, string id, string action, bool isAllowed, string reason)
    {
        var token = await _sidecar.TokenOfAsync("alice");

        Assert.Equal((isAllowed, reason), await _caller.AskAsync(token, _caller.Question(type, id, action)));
    }

    [Fact]
    public async Task Evaluate_ModelWithItsProvider_IsAllowed()
    {
        var question = _caller.Question("model", "gpt-4o", "use");
        question["context"] = new JsonObject { ["provider"] = "openai", ["time"] = "2026-01-01T00:00:00Z" };

        Assert.Equal((true, "ALLOWED"), await _caller.AskAsync(await _sidecar.TokenOfAsync("alice"), question));
    }

    [Theory]
    [InlineData("agent", true)]
    [InlineData("identity", true)]
    [InlineData("user", false)]
    public async Task Evaluate_SubjectTypes_AreThoseOfATokensHolder(string type, bool isAllowed)
    {
        var question = _caller.Question("tool", "github", "call");
        question["subject"] = new JsonObject { ["type"] = type, ["id"] = _sidecar.Client.AgentDid };

        Assert.Equal(isAllowed, (await _caller.AskAsync(await _sidecar.TokenOfAsync("alice"), question)).IsAllowed);
    }

    [Fact]
    public async Task Evaluate_SubjectWithoutToken_IsNotBelieved()
    {
        var answer = await _caller.PostAsync(AuthZenCaller.Evaluation, _caller.Question("tool", "github", "call").ToJsonString());

        Assert.Equal((HttpStatusCode.OK, "TOKEN_REQUIRED"), (answer.Status, answer.Text("context", "reason_code")));
        Assert.False(answer.Find("decision")?.IsTrue);
        Assert.StartsWith("TOKEN_REQUIRED: ", answer.Text("context", "reason_admin", "403"), StringComparison.Ordinal);
        Assert.StartsWith("dec_", answer.Text("context", "decision_id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_AnotherSubjectThanTheTokens_IsDenied()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        Assert.Equal((false, "REQUEST_INVALID"), await _caller.AskAsync(token, _caller.Question("tool", "github", "call", "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT")));
    }

    [Fact]
    public async Task Evaluate_TokenOfTheSubject_ComesBeforeTheHeaders()
    {
        var question = _caller.Question("tool", "splunk", "call");
        question["subject"] = new JsonObject { ["type"] = "agent", ["id"] = _sidecar.Client.AgentDid, ["properties"] = new JsonObject { ["cst"] = await _sidecar.TokenOfAsync("bob") } };

        Assert.Equal((true, "ALLOWED"), await _caller.AskAsync(await _sidecar.TokenOfAsync("alice"), question));
    }

    [Fact]
    public async Task Evaluate_TwoTokensInTheHeaders_IsNoQuestion()
    {
        var answer = await _caller.PostAsync(AuthZenCaller.Evaluation, Good, ("X-CST", "a.b.c"), ("Authorization", "Bearer a.b.d"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Evaluate_RevokedToken_IsDeniedAtOnce()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var question = _caller.Question("tool", "github", "call");
        Assert.Equal((true, "ALLOWED"), await _caller.AskAsync(token, question));

        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = token });

        Assert.Equal((false, "TOKEN_REVOKED"), await _caller.AskAsync(token, question));
    }

    [Theory]
    [InlineData("policy_hash", "1")]
    [InlineData("audience", "[]")]
    [InlineData("properties", "{\"a\":{}}")]
    [InlineData("approvals", "[1]")]
    [InlineData("event_hash", "\"short\"")]
    public async Task Evaluate_ContextOfOursThatIsMalformed_IsDeniedAndNotLeftOut(string name, string value)
    {
        var question = _caller.Question("tool", "github", "call");
        question["context"] = new JsonObject { [name] = JsonNode.Parse(value) };

        Assert.Equal((false, "REQUEST_INVALID"), await _caller.AskAsync(await _sidecar.TokenOfAsync("alice"), question));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"subject":"a","resource":{"type":"tool","id":"x"},"action":{"name":"call"}}""")]
    [InlineData("""{"subject":{"type":"agent","id":"a"},"resource":{"type":"tool","id":"x"},"action":{"name":1}}""")]
    [InlineData("""{"subject":{"type":"agent"},"resource":{"type":"tool","id":"x"},"action":{"name":"call"}}""")]
    [InlineData("""{"subject":{"type":"agent","id":"a"},"resource":{"id":"x"},"action":{"name":"call"}}""")]
    [InlineData("""{"subject":{"type":"agent","id":"a"},"resource":{"type":"tool","id":"x"}}""")]
    [InlineData("""{"subject":{"type":"agent","id":"a"},"resource":{"type":"tool","id":"x"},"action":null}""")]
    [InlineData("""{"subject":{"type":"agent","id":"a"},"resource":{"type":"tool","id":"x"},"action":{"name":"call"},"context":[]}""")]
    [InlineData("""{"subject":{"type":"agent","id":"a","properties":1},"resource":{"type":"tool","id":"x"},"action":{"name":"call"}}""")]
    [InlineData("""{"subject":{"type":"agent","id":"a"},"subject":{"type":"agent","id":"b"},"resource":{"type":"tool","id":"x"},"action":{"name":"call"}}""")]
    public async Task Evaluate_WrongShape_Is400(string body)
    {
        var answer = await _caller.PostAsync(AuthZenCaller.Evaluation, body);

        Assert.Equal((HttpStatusCode.BadRequest, "REQUEST_INVALID"), (answer.Status, answer.Text("error")));
        Assert.Null(answer.Find("decision"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonx")]
    public async Task Evaluate_AnotherMediaType_Is400(string mediaType) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _caller.PostAsAsync(AuthZenCaller.Evaluation, Good, mediaType)).Status);

    [Fact]
    public async Task Evaluate_UnknownMembersAndAParameterOfTheMediaType_AreNoFault()
    {
        var body = Good[..^1] + ""","more":{"subject":"b"},"context":null}""";

        Assert.Equal(HttpStatusCode.OK, (await _caller.PostAsAsync(AuthZenCaller.Evaluation, body, "application/json; charset=utf-8")).Status);
    }

    [Fact]
    public async Task Evaluate_TooLong_Is413()
    {
        var answer = await _caller.PostAsync(AuthZenCaller.Evaluation, Good + new string(' ', 256 * 1024));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Theory]
    [InlineData("bfe9eb29-ab87-4ca3-be83-a1d5d8305716", true)]
    [InlineData("a b~!", true)]
    [InlineData("", false)]
    public async Task Evaluate_RequestId_ComesBackAsItWas(string id, bool isEchoed)
    {
        foreach (var body in new[] { Good, "{" })
        {
            var answer = await _caller.PostAsync(AuthZenCaller.Evaluation, body, ("X-Request-ID", id));

            Assert.Equal(isEchoed ? id : null, answer.Headers.GetValueOrDefault("X-Request-ID"));
            Assert.Equal(isEchoed && answer.Status == HttpStatusCode.OK ? id : null, answer.Text("context", "request_id"));
        }
    }

    [Fact]
    public async Task Evaluate_Again_GivesTheSameDecision()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var question = _caller.Question("tool", "github", "call");

        Assert.Equal(await _caller.AskAsync(token, question), await _caller.AskAsync(token, question));
    }

    [Fact]
    public async Task Evaluate_ByGet_Is405() => Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _caller.GetAsync(AuthZenCaller.Evaluation)).Status);
}
