using System.Text;
using ClawPdp.Authoring.Sources;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;

namespace ClawPdp.Authoring.Tests.Sources;

public sealed class PolicySourceTests
{
    private const string Json = """{"policy_version":"1","policy_id":"p","issuer_did":"did:web:example.com"}""";
    private const string Yaml = "policy_version: \"1\"\npolicy_id: p # remark\nissuer_did: did:web:example.com\n";

    [Theory]
    [InlineData("p.json", Json)]
    [InlineData("p.wpc", Json)]
    [InlineData("p.yaml", Yaml)]
    [InlineData("p.YML", Yaml)]
    [InlineData("p.yml", Json)]
    [InlineData("-", "\n " + Json)]
    [InlineData("-", Yaml)]
    public void Read_EverySpelling_GivesTheSamePolicy(string name, string text) =>
        Assert.Equal(WpcLoader.Load(Encoding.UTF8.GetBytes(Json)).Value.PolicyHash, Read(name, text).Value.PolicyHash);

    [Fact]
    public void Read_YamlUnderAJsonName_IsRefused() => Assert.False(Read("p.json", Yaml).IsValid);

    [Fact]
    public void Read_SignedPolicy_GivesItsPayload()
    {
        using var key = new PurposeKey(KeyPurpose.Policy, Ed25519SigningKey.Generate());
        var signed = key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, JsonReader.Parse(Encoding.UTF8.GetBytes(Json), 1000).Value, DateTimeOffset.UnixEpoch);

        Assert.Equal(signed.PayloadHash, PolicySource.Read("p.json", signed.Json.Span).Value.PolicyHash);
    }

    [Fact]
    public void Read_SignedPolicyThatWasChanged_IsRefused()
    {
        using var key = new PurposeKey(KeyPurpose.Policy, Ed25519SigningKey.Generate());
        var signed = key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, JsonReader.Parse(Encoding.UTF8.GetBytes(Json), 1000).Value, DateTimeOffset.UnixEpoch);
        var changed = Encoding.UTF8.GetString(signed.Json.Span).Replace("\"policy_id\":\"p\"", "\"policy_id\":\"q\"", StringComparison.Ordinal);

        Assert.Equal("/payload_hash_b64u", Assert.Single(Read("p.json", changed).Faults).Pointer);
    }

    [Fact]
    public void Read_FaultsInsideAnEnvelope_KeepTheirLineAndPlace()
    {
        var faults = Read("p.yaml", "envelope_version: \"1\"\nenvelope_type: other\npayload:\n  policy_version: \"1\"\n  policy_id: 7\n  issuer_did: did:web:example.com\n").Faults;

        Assert.Equal([("/envelope_type", 2), ("/payload/policy_id", 5)], faults.Select(static fault => (fault.Pointer, fault.Line ?? 0)));
    }

    [Fact]
    public void Read_EnvelopeWithoutPayload_IsRefused() => Assert.False(Read("p.json", """{"envelope_version":"1","envelope_type":"work_policy_contract"}""").IsValid);

    [Fact]
    public void Read_SeveralFaults_AreAllReportedWithTheirLines()
    {
        var faults = Read("p.yaml", "policy_version: \"1\"\npolicy_id: \"\"\nissuer_did: x\nextra: 1\n").Faults;

        Assert.Equal([("/extra", 4), ("/policy_id", 2), ("/issuer_did", 3)], faults.Select(static fault => (fault.Pointer, fault.Line ?? 0)));
    }

    [Fact]
    public void Read_Remarks_DoNotCountForTheLengthButThePolicyDoes()
    {
        var remarks = string.Concat(Enumerable.Repeat("# remark\n", 10_000));
        var tooLong = "metadata:\n" + string.Concat(Enumerable.Range(0, 8000).Select(static number => $"  k{number}: x\n"));

        Assert.True(Read("p.yaml", remarks + Yaml).IsValid);
        Assert.False(Read("p.yaml", Yaml + tooLong).IsValid);
    }

    [Fact]
    public void Resolve_WithoutTheParent_NamesItsHash()
    {
        var parent = Read("p.json", Json).Value;
        var child = Read("c.yaml", $"policy_version: \"2\"\npolicy_id: c\nissuer_did: did:web:example.com\ninherits: {parent.PolicyHash}\nstatements: [{{sid: A, effect: Allow, actions: [tool:execute], resources: [x]}}]\n").Value;
        var library = new PolicyShelf();

        Assert.False(library.Resolve(child, out var missing).IsValid);
        Assert.Equal(parent.PolicyHash, missing);
        library.Add(parent);
        Assert.Equal(2, library.Resolve(child, out missing).Value.Links.Length);
        Assert.Null(missing);
    }

    private static Result<WorkPolicyContract> Read(string name, string text) => PolicySource.Read(name, Encoding.UTF8.GetBytes(text));
}
