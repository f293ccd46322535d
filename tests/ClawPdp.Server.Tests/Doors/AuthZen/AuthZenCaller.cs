using System.Net;
using System.Text.Json.Nodes;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Tests.Doors.AuthZen;

/// <summary>Asks a sidecar in the words of AuthZEN.</summary>
internal sealed class AuthZenCaller : IDisposable
{
    public const string Evaluation = "/access/v1/evaluation";
    public const string Evaluations = "/access/v1/evaluations";
    public const string ActionSearch = "/access/v1/search/action";

    private readonly HttpCaller _http;
    private readonly RunningSidecar _sidecar;

    public AuthZenCaller(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _http = new HttpCaller(sidecar);
    }

    /// <summary>Gives a question about the demo's agent.</summary>
    public JsonObject Question(string type, string id, string action, string? subject = null) => new()
    {
        ["subject"] = new JsonObject { ["type"] = "agent", ["id"] = subject ?? _sidecar.Client.AgentDid },
        ["resource"] = new JsonObject { ["type"] = type, ["id"] = id },
        ["action"] = new JsonObject { ["name"] = action },
    };

    /// <summary>Posts a body as it is.</summary>
    public Task<HttpAnswer> PostAsync(string path, string body, params (string Name, string Value)[] headers) => _http.PostAsync(path, body, "application/json", headers);

    /// <summary>Posts a body of another media type.</summary>
    public Task<HttpAnswer> PostAsAsync(string path, string body, string mediaType) => _http.PostAsync(path, body, mediaType);

    /// <summary>Gets a path.</summary>
    public Task<HttpAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => _http.GetAsync(path, headers);

    /// <summary>Asks one question with a token.</summary>
    public async Task<(bool IsAllowed, string? Reason)> AskAsync(string token, JsonObject question)
    {
        var answer = await PostAsync(Evaluation, question.ToJsonString(), ("Authorization", "Bearer " + token));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (DecisionOf(answer.Body), answer.Text("context", "reason_code"));
    }

    /// <summary>Asks many questions with a token.</summary>
    public async Task<(bool IsAllowed, string? Reason)[]> AskManyAsync(string token, JsonObject batch)
    {
        var answer = await PostAsync(Evaluations, batch.ToJsonString(), ("X-CST", token));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. (answer.Find("evaluations")?.Items ?? []).Select(static item => (DecisionOf(item), item.Find("context")?.FindText("reason_code")))];
    }

    public void Dispose() => _http.Dispose();

    private static bool DecisionOf(Core.Json.JsonValue answer)
    {
        var decision = answer.Find("decision");
        Assert.Equal(JsonKind.Boolean, decision?.Kind);
        return decision is { IsTrue: true };
    }
}
