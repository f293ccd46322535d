using System.Collections;
using ClawPdp.Core.Faults;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Policies;

public sealed class PolicySettingsTests : IDisposable
{
    private const string KeyA = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    private const string KeyB = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH";

    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Load_SignersOfBothForms_AreTakenWithTheirSuccessors()
    {
        var policy = Load($$"""{ "directory": "policies", "signers": ["{{KeyA}}", { "did": "{{KeyB}}", "successor": "{{KeyA}}" }] }""").Value.Policy;

        Assert.Equal([new PolicySigner(KeyA), new PolicySigner(KeyB, KeyA)], policy.Signers);
        Assert.Equal((Path.Combine(_directory, "policies"), null, false), (policy.DirectoryPath, policy.Path, policy.Required));
    }

    [Theory]
    [InlineData("""{ "signers": ["did:web:a.example"] }""", "/policy/signers/0")]
    [InlineData("""{ "signers": [1] }""", "/policy/signers/0")]
    [InlineData("""{ "signers": [{ "successor": "KEY-A" }] }""", "/policy/signers/0")]
    [InlineData("""{ "signers": [{ "did": "KEY-A", "successor": "KEY-A" }] }""", "/policy/signers/0/successor")]
    [InlineData("""{ "signers": [{ "did": "KEY-A", "successor": "KEY-B" }, { "did": "KEY-B", "successor": "KEY-A" }] }""", "/policy/signers")]
    [InlineData("""{ "signers": [{ "did": "KEY-A", "succesor": "KEY-B" }] }""", "/policy/signers/0/succesor")]
    [InlineData("""{ "signers": ["KEY-A", { "did": "KEY-A", "successor": "KEY-B" }] }""", "/policy/signers/1")]
    [InlineData("""{ "directory": 1 }""", "/policy/directory")]
    [InlineData("""{ "folder": "policies" }""", "/policy/folder")]
    public void Load_OneFault_NamesItsPlace(string policy, string pointer)
    {
        var faults = Load(policy.Replace("KEY-A", KeyA, StringComparison.Ordinal).Replace("KEY-B", KeyB, StringComparison.Ordinal)).Faults;

        Assert.Equal(pointer, Assert.Single(faults).Pointer);
    }

    private Result<ServerSettings> Load(string policy)
    {
        var path = Path.Combine(_directory, "clawpdp.json");
        File.WriteAllText(path, $$"""
            {
              "data_directory": "data",
              "audiences": ["clawpdp"],
              "issuers": [{ "issuer": "https://acme.okta.com/oauth2/default", "client_ids": ["0oa1"] }],
              "issuance": { "scope_mapping_file": "mapping.json" },
              "policy": {{policy}}
            }
            """);
        IDictionary variables = new Dictionary<string, string>(StringComparer.Ordinal);
        return SettingsLoader.Load(path, variables);
    }
}
