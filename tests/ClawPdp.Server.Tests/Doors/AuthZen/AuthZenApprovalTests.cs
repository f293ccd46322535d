using System.Text.Json.Nodes;
using ClawPdp.Core.Json;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Tests.Doors.AuthZen;

/// <summary>A human's approval, as an obligation beside the denial and as a member of the next question.</summary>
[Trait("Door", "published")]
public sealed class AuthZenApprovalTests : IClassFixture<ApprovalSidecar>, IDisposable
{
    private readonly ApprovalSidecar _sidecar;
    private readonly AuthZenCaller _caller;

    public AuthZenApprovalTests(ApprovalSidecar sidecar)
    {
        _sidecar = sidecar;
        _caller = new AuthZenCaller(sidecar);
    }

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Evaluate_DeniedThenApproved_IsAllowedOnce(bool isText)
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var question = _caller.Question("tool", "argo-cd", "call");
        question["context"] = new JsonObject { ["run_id"] = "run-" + isText };

        var denied = await _caller.PostAsync(AuthZenCaller.Evaluation, question.ToJsonString(), ("X-CST", token));
        var obligation = denied.Find("context", "obligations")?.Items[0];
        var approval = await ApproveAsync(denied);
        question["context"] = new JsonObject { ["run_id"] = "run-" + isText, ["approvals"] = new JsonArray(isText ? approval : JsonNode.Parse(approval)) };
        var allowed = await _caller.AskAsync(token, question);
        var again = await _caller.AskAsync(token, question);

        Assert.False(denied.Find("decision")?.IsTrue);
        Assert.Equal(("CAPABILITY_REQUIRES_APPROVAL", "requestable"), (denied.Text("context", "reason_code"), denied.Text("context", "reason_class")));
        Assert.Equal(("human_approval", 43), (obligation?.FindText("type"), obligation?.FindText("id")?.Length));
        Assert.Equal(JsonKind.String, obligation?.Find("properties")?.Find("summary")?.Kind);
        Assert.Equal(((true, "ALLOWED"), (false, "CAPABILITY_REQUIRES_APPROVAL")), (allowed, again));
    }

    [Fact]
    public async Task Evaluate_WhatTheCallerStates_ReachesTheConditions()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var question = _caller.Question("tool", "terraform", "call");
        Assert.False((await _caller.AskAsync(token, question)).IsAllowed);

        question["context"] = new JsonObject { ["properties"] = new JsonObject { ["Caller:Ticket"] = "OPS-1", ["Caller:Count"] = 3 } };

        Assert.Equal((true, "ALLOWED"), await _caller.AskAsync(token, question));
    }

    private async Task<string> ApproveAsync(HttpAnswer denied)
    {
        var request = Path.Combine(_sidecar.Installation.Directory, Guid.NewGuid().ToString("N") + ".json");
        await File.WriteAllTextAsync(request, JsonWriter.CanonicalText(denied.Body), TestContext.Current.CancellationToken);
        var code = await CommandLine.RunAsync(
            ["approve", "--request", request, "--agent", _sidecar.Client.AgentDid, "--approver", "email:alice@example.com", "--key", _sidecar.KeyPath, "--out", request + ".approval", "--yes"]);
        Assert.Equal(ExitCodes.Ok, code);
        return await File.ReadAllTextAsync(request + ".approval", TestContext.Current.CancellationToken);
    }
}
