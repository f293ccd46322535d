using System.Net;
using System.Text.Json.Nodes;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Tests.Doors.AuthZen;

/// <summary>The Access Evaluations API: defaults, order, the three semantics, and what breaks alone.</summary>
[Trait("Door", "published")]
[Collection(PlainDoors.Name)]
public sealed class EvaluationsTests : IDisposable
{
    private readonly RunningSidecar _sidecar;
    private readonly AuthZenCaller _caller;

    public EvaluationsTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _caller = new AuthZenCaller(sidecar);
    }

    public void Dispose() => _caller.Dispose();

    [Fact]
    public async Task EvaluateMany_Defaults_AreReplacedWholeAndAnswersKeepTheOrder()
    {
        var batch = _caller.Question("tool", "github", "call");
        batch["context"] = new JsonObject { ["provider"] = "openai" };
        batch["evaluations"] = new JsonArray(
            new JsonObject(),
            Resource("tool", "splunk"),
            new JsonObject { ["resource"] = new JsonObject { ["type"] = "model", ["id"] = "gpt-4o" }, ["action"] = new JsonObject { ["name"] = "use" } },
            new JsonObject { ["resource"] = new JsonObject { ["type"] = "model", ["id"] = "gpt-4o" }, ["action"] = new JsonObject { ["name"] = "use" }, ["context"] = new JsonObject() },
            new JsonObject { ["resource"] = new JsonObject { ["id"] = "github" } });

        var answers = await _caller.AskManyAsync(await _sidecar.TokenOfAsync("alice"), batch);

        Assert.Equal(
            [(true, "ALLOWED"), (false, "TOOL_NOT_ALLOWED"), (true, "ALLOWED"), (false, "POLICY_PROVIDER_NOT_ALLOWED"), (false, "REQUEST_INVALID")],
            answers);
    }

    [Theory]
    [InlineData(null, "YNBYN")]
    [InlineData("execute_all", "YNBYN")]
    [InlineData("deny_on_first_deny", "YN")]
    [InlineData("permit_on_first_permit", "Y")]
    public async Task EvaluateMany_Semantics_EndWhereTheySay(string? semantic, string answered)
    {
        var batch = Mixed(semantic, "YNBYN");

        var answers = await _caller.AskManyAsync(await _sidecar.TokenOfAsync("alice"), batch);

        Assert.Equal(answered.Select(static letter => letter == 'Y'), answers.Select(static answer => answer.IsAllowed));
    }

    [Theory]
    [InlineData("deny_on_first_deny", "YBN", "YB")]
    [InlineData("permit_on_first_permit", "NBYY", "NBY")]
    [InlineData("permit_on_first_permit", "NNB", "NNB")]
    [InlineData("deny_on_first_deny", "YYY", "YYY")]
    public async Task EvaluateMany_BrokenItem_CountsAsADenial(string semantic, string asked, string answered)
    {
        var answers = await _caller.AskManyAsync(await _sidecar.TokenOfAsync("alice"), Mixed(semantic, asked));

        Assert.Equal(answered.Select(static letter => letter == 'Y'), answers.Select(static answer => answer.IsAllowed));
    }

    [Fact]
    public async Task EvaluateMany_BrokenItem_SaysWhatIsWrong()
    {
        var answer = await _caller.PostAsync(AuthZenCaller.Evaluations, Mixed(null, "B").ToJsonString());
        var error = answer.Find("evaluations")?.Items[0].Find("context")?.Find("error");

        Assert.Equal((HttpStatusCode.OK, 400d, "an object is expected"), (answer.Status, error?.Find("status")?.Number, error?.FindText("message")));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task EvaluateMany_WithoutItems_IsASingleQuestion(string items)
    {
        var body = _caller.Question("tool", "github", "call");
        if (items.Length > 0)
        {
            body["evaluations"] = JsonNode.Parse(items);
        }

        var answer = await _caller.PostAsync(AuthZenCaller.Evaluations, body.ToJsonString(), ("X-CST", await _sidecar.TokenOfAsync("alice")));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(answer.Find("decision")?.IsTrue);
        Assert.Null(answer.Find("evaluations"));
    }

    [Theory]
    [InlineData("""{"evaluations":{}}""")]
    [InlineData("""{"evaluations":[]}""")]
    [InlineData("""{"evaluations":[{}],"subject":"alice"}""")]
    [InlineData("""{"evaluations":[{}],"options":[]}""")]
    [InlineData("""{"evaluations":[{}],"options":{"evaluations_semantic":"all"}}""")]
    [InlineData("""{"evaluations":[{}],"options":{"evaluations_semantic":1}}""")]
    [InlineData("""{"evaluations":[{}],"evaluations":[{}]}""")]
    public async Task EvaluateMany_BrokenEnvelope_Is400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _caller.PostAsync(AuthZenCaller.Evaluations, body)).Status);

    [Fact]
    public async Task EvaluateMany_MoreThanTheLimit_Is400()
    {
        var most = await _caller.PostAsync(AuthZenCaller.Evaluations, BatchOf(256));
        var over = await _caller.PostAsync(AuthZenCaller.Evaluations, BatchOf(257));

        Assert.Equal((HttpStatusCode.OK, 256, HttpStatusCode.BadRequest), (most.Status, most.Find("evaluations")?.Items.Length, over.Status));
        Assert.All(most.Find("evaluations")?.Items ?? [], static item => Assert.Equal(JsonKind.Boolean, item.Find("decision")?.Kind));
    }

    private static string BatchOf(int count) => $$"""{"evaluations":[{{string.Join(",", Enumerable.Repeat("{}", count))}}]}""";

    private static JsonObject Resource(string type, string id) => new() { ["resource"] = new JsonObject { ["type"] = type, ["id"] = id } };

    // Y is allowed, N is denied, B is broken.
    private JsonObject Mixed(string? semantic, string letters)
    {
        var batch = _caller.Question("tool", "github", "call");
        batch["evaluations"] = new JsonArray([.. letters.Select(static letter => letter switch
        {
            'Y' => new JsonObject(),
            'N' => Resource("tool", "splunk"),
            _ => (JsonNode)1,
        })]);
        if (semantic is not null)
        {
            batch["options"] = new JsonObject { ["evaluations_semantic"] = semantic };
        }

        return batch;
    }
}
