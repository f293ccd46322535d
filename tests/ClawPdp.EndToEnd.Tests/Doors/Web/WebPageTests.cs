using System.Text.Json;
using ClawPdp.Documentation;

namespace ClawPdp.EndToEnd.Tests.Doors.Web;

/// <summary>What docs/doors/web.md shows, run as it stands there: curl, buf and a client library that we did not write.</summary>
public sealed class WebPageTests
{
    private static readonly string[] Protocols = ["json", "proto", "web"];
    private static readonly string Root = Path.Combine(Conformance.ExpectedRows.Protos, "..");

    private static string Buf => Path.Combine(PublishedSidecar.Providers, "node_modules", "@bufbuild", "buf-linux-x64", "bin", "buf");

    [Fact]
    public async Task Page_Commands_DoWhatTheySay()
    {
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/web.md json 1"));

        var (code, output) = await sidecar.RunAsync("bash", ["-euo", "pipefail", "-c", DocumentedBlock.Read("docs/doors/web.md sh 1")], ("CST", await sidecar.IssueAsync("alice")));

        Assert.True(code == 0, output);
        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(3, answers.Length);
        Assert.Equal(("EFFECT_ALLOW", "1"), (Text(answers[0], "effect"), Text(answers[0], "requestId")));
        Assert.Equal(["EFFECT_ALLOW", "EFFECT_DENY"], answers[1].GetProperty("responses").EnumerateArray().Select(static answer => Text(answer, "effect")));
        Assert.StartsWith("{", System.Text.Encoding.UTF8.GetString(answers[2].GetProperty("receipt").GetProperty("envelopeJson").GetBytesFromBase64()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Buf_GetsAnAnswerByEachProtocol()
    {
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/web.md json 1"));
        var script = $"cd '{Root}'; PATH='{Path.GetDirectoryName(Buf)}':$PATH\n" + DocumentedBlock.Read("docs/doors/web.md sh 2");

        var (code, output) = await sidecar.RunAsync("bash", ["-euo", "pipefail", "-c", script], ("CST", await sidecar.IssueAsync("alice")));

        Assert.True(code == 0, output);
        Assert.Equal(2, output.Split("\"effect\": \"EFFECT_ALLOW\"").Length - 1);
    }

    [Fact]
    public async Task Page_ClientLibrary_GetsTheSameAnswersByEachProtocol()
    {
        await using var sidecar = await HttpSidecar.StartAsync(DocumentedBlock.Read("docs/doors/web.md json 1"));
        var descriptors = Path.GetTempFileName();
        var (built, errors) = await ChildProcess.RunAsync(Buf, "build", Root, "--as-file-descriptor-set", "-o", descriptors + "#format=binpb");

        var (code, output) = await sidecar.RunScriptAsync(DocumentedBlock.Read("docs/doors/web.md js 1"), ("CST", await sidecar.IssueAsync("alice")), ("DESCRIPTORS", descriptors));
        File.Delete(descriptors);

        Assert.True(built == 0, errors);
        Assert.True(code == 0, output);
        Assert.Equal(
            [
                .. Protocols.SelectMany(static name => new[]
                {
                    $"{name} github allowed", $"{name} splunk denied: the token does not grant the tool `splunk`", $"{name} policy Unimplemented",
                }),
                "web epoch bigint",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();
}
