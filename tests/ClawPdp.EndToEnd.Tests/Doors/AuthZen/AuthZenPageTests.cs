using System.Text.Json;
using ClawPdp.Documentation;

namespace ClawPdp.EndToEnd.Tests.Doors.AuthZen;

/// <summary>What docs/doors/authzen.md shows, run as it stands there with curl.</summary>
public sealed class AuthZenPageTests
{
    [Fact]
    public async Task Page_Commands_DoWhatTheySay()
    {
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/authzen.md json 1"));

        var (code, output) = await sidecar.RunAsync("bash", ["-euo", "pipefail", "-c", DocumentedBlock.Read("docs/doors/authzen.md sh 1")], ("CST", await sidecar.IssueAsync("alice")));

        Assert.True(code == 0, output);
        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(3, answers.Length);
        Assert.True(answers[0].GetProperty("decision").GetBoolean());
        Assert.Equal([true, false], answers[1].GetProperty("evaluations").EnumerateArray().Select(static answer => answer.GetProperty("decision").GetBoolean()));
        Assert.Equal(["call", "tools/call"], answers[2].GetProperty("results").EnumerateArray().Select(static result => result.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Page_Answer_HasTheMembersOfARealOne()
    {
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/authzen.md json 1"));
        const string Ask = """
            printf '{"subject":{"type":"agent","id":"%s"},"resource":{"type":"tool","id":"splunk"},"action":{"name":"call"}}' "$AGENT_DID" |
              curl -sSf "$PDP/access/v1/evaluation" -H 'Content-Type: application/json' -H "X-CST: $CST" --data @-
            """;

        var (code, output) = await sidecar.RunAsync("bash", ["-euo", "pipefail", "-c", Ask], ("CST", await sidecar.IssueAsync("alice")));

        Assert.True(code == 0, output);
        var real = JsonDocument.Parse(output).RootElement.GetProperty("context");
        var shown = JsonDocument.Parse(DocumentedBlock.Read("docs/doors/authzen.md json 2")).RootElement.GetProperty("context");
        Assert.Equal(Names(shown), Names(real));
        Assert.Equal((Text(shown, "reason_code"), Text(shown, "reason_class")), (Text(real, "reason_code"), Text(real, "reason_class")));
        Assert.Equal(Text(shown.GetProperty("reason_admin"), "403"), Text(real.GetProperty("reason_admin"), "403"));
    }

    private static IEnumerable<string> Names(JsonElement value) => value.EnumerateObject().Select(static member => member.Name).Order(StringComparer.Ordinal);

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();
}
