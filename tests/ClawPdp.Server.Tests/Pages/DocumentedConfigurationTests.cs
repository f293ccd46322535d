using System.Collections;
using System.Text.Json.Nodes;
using ClawPdp.Documentation;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Pages;

/// <summary>What the pages show of configurations, mappings and policies is what <c>config check</c> and <c>policy check</c> take.</summary>
public sealed class DocumentedConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-pages-").FullName;

    public DocumentedConfigurationTests() => File.WriteAllText(Path.Combine(_folder, "scope-mapping.json"), DocumentedBlock.Read("README.md json 1"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ConfigCheck_OfTheReadme_FindsNothing()
    {
        var data = Path.Combine(_folder, "data");
        await File.WriteAllTextAsync(Path.Combine(_folder, "draft.json"), """{"policy_version":"2","policy_id":"p","issuer_did":"did:web:example.com","statements":[{"sid":"A","effect":"Allow","actions":["*"],"resources":["github"]}]}""", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["keys", "generate", "--data", data]));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["policy", "sign", Path.Combine(_folder, "draft.json"), "--data", data, "--out", Path.Combine(_folder, "policy.json")]));

        var path = Path.Combine(_folder, "clawpdp.json");
        await File.WriteAllTextAsync(path, DocumentedBlock.Read("README.md json 2").Replace("/var/lib/clawpdp", data, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Empty(FaultsOf(path));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["config", "check", path]));
    }

    [Theory]
    [InlineData("docs/callers.md json 1", "")]
    [InlineData("docs/doors/agentgateway.md json 1", "")]
    [InlineData("docs/doors/authzen.md json 1", "doors")]
    [InlineData("docs/doors/envoy.md json 1", "")]
    [InlineData("docs/doors/forward-auth.md json 1", "")]
    [InlineData("docs/doors/oauth.md json 1", "doors")]
    [InlineData("docs/doors/web.md json 1", "doors")]
    [InlineData("docs/holders.md json 1", "")]
    [InlineData("docs/keys.md json 1", "")]
    [InlineData("docs/observability.md json 1", "")]
    [InlineData("docs/policy/operations.md json 1", "")]
    public void ConfigCheck_OfAPart_FindsNothing(string block, string member)
    {
        var shown = DocumentedBlock.Read(block).Replace("SHA-256-OF-THE-SECRET", new string('0', 64), StringComparison.Ordinal);
        var part = Parse(shown.StartsWith('"') ? $"{{{shown}}}" : shown);
        var whole = Parse("""{ "data_directory": "data", "audiences": ["clawpdp"], "issuers": [{ "issuer": "https://acme.okta.com", "client_ids": ["a"] }], "issuance": { "scope_mapping_file": "scope-mapping.json" } }""");
        Merge(whole, member.Length == 0 ? part : new JsonObject { [member] = part });
        var path = Path.Combine(_folder, "clawpdp.json");
        File.WriteAllText(path, whole.ToJsonString());

        Assert.Empty(FaultsOf(path));
    }

    [Theory]
    [InlineData("docs/policy.md json 1", "%")]
    [InlineData("docs/policy/approvals.md json 1", """{"policy_version":"2","policy_id":"p","issuer_did":"did:web:example.com","statements":[%]}""")]
    public async Task PolicyCheck_OfAPage_FindsNothing(string block, string around)
    {
        var path = Path.Combine(_folder, "policy.json");
        await File.WriteAllTextAsync(path, around.Replace("%", DocumentedBlock.Read(block), StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["policy", "check", path]));
    }

    private static void Merge(JsonObject whole, JsonObject part)
    {
        foreach (var (name, value) in part)
        {
            if (whole[name] is JsonObject known && value is JsonObject more)
            {
                Merge(known, more);
            }
            else
            {
                whole[name] = value?.DeepClone();
            }
        }
    }

    private static JsonObject Parse(string text) => JsonNode.Parse(text)?.AsObject() ?? throw new InvalidOperationException("no object");

    // What `config check` prints, so that a failure says it.
    private static List<string> FaultsOf(string path)
    {
        var loaded = SettingsLoader.Load(path, new Hashtable());
        var faults = loaded.Faults.Select(fault => FaultText.Write(path, fault)).ToList();
        return loaded.TryGet(out var settings) ? [.. faults, .. ConfigCommand.FaultsOf(settings).Select(static item => FaultText.Write(item.File, item.Fault))] : faults;
    }
}
