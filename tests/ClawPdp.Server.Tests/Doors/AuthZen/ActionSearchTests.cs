using System.Net;
using System.Text.Json.Nodes;

namespace ClawPdp.Server.Tests.Doors.AuthZen;

/// <summary>The Action Search API finds what an evaluation permits, and nothing else.</summary>
[Trait("Door", "published")]
[Collection(PlainDoors.Name)]
public sealed class ActionSearchTests : IDisposable
{
    private readonly RunningSidecar _sidecar;
    private readonly AuthZenCaller _caller;

    public ActionSearchTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _caller = new AuthZenCaller(sidecar);
    }

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("tool", "github", "call,tools/call")]
    [InlineData("host", "api.GITHUB.com", "connect")]
    [InlineData("tool", "splunk", "")]
    [InlineData("model", "gpt-4o", "")]
    [InlineData("record", "record-1", "")]
    public async Task Search_AResource_FindsWhatIsPermitted(string type, string id, string names)
    {
        var (status, found) = await SearchAsync(await _sidecar.TokenOfAsync("alice"), _caller.Question(type, id, "ignored"));

        Assert.Equal((HttpStatusCode.OK, names), (status, found));
    }

    [Fact]
    public async Task Search_ContextCounts()
    {
        var question = _caller.Question("model", "gpt-4o", "");
        question.Remove("action");
        question["context"] = new JsonObject { ["provider"] = "openai" };

        Assert.Equal("use", (await SearchAsync(await _sidecar.TokenOfAsync("alice"), question)).Names);
    }

    [Fact]
    public async Task Search_WithoutTokenOrForAnotherSubject_FindsNothing()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        Assert.Equal("", (await SearchAsync("", _caller.Question("tool", "github", "call"))).Names);
        Assert.Equal("", (await SearchAsync(token, _caller.Question("tool", "github", "call", "did:web:other.example"))).Names);
    }

    [Fact]
    public async Task Search_WrongShape_Is400() => Assert.Equal(HttpStatusCode.BadRequest, (await _caller.PostAsync(AuthZenCaller.ActionSearch, """{"subject":{"type":"agent","id":"a"}}""")).Status);

    private async Task<(HttpStatusCode Status, string Names)> SearchAsync(string token, JsonObject question)
    {
        var answer = await _caller.PostAsync(AuthZenCaller.ActionSearch, question.ToJsonString(), ("X-CST", token));
        Assert.Equal("", answer.Text("page", "next_token"));
        return (answer.Status, string.Join(",", (answer.Find("results")?.Items ?? []).Select(static item => item.FindText("name"))));
    }
}
