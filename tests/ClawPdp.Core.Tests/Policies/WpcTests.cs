using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

public sealed class WpcTests
{
    [Fact]
    public void Load_WorkedPolicy_HasTheWorkedHash() =>
        Assert.Equal("d_isWkhbyvM2ZNdZfzaf03JimF9MYGoeMlsfOL2_6nw", WpcLoader.Load(TestData.Vector("wpc_v1_payload.json")).Value.PolicyHash);

    [Fact]
    public void OfCanonical_WorkedSecondVersion_HasTheWorkedHash() =>
        Assert.Equal("RFiFTyqo6cCfAHxU8rdMoNqtP5gH5B8pTvaHeaNo5Ds", Sha256.OfCanonical(JsonReader.Parse(TestData.Vector("wpc_v2.json"), 1 << 16).Value));

    [Theory]
    [InlineData("\"policy_version\":\"3\"", "/policy_version")]
    [InlineData("\"policy_version\":\"1\",\"allowed_providers\":[\"azure\"]", "/allowed_providers/0")]
    [InlineData("\"policy_version\":\"1\",\"allowed_models\":[\"\"]", "/allowed_models/0")]
    [InlineData("\"policy_version\":\"1\",\"egress_allowlist\":[\"a.com\",\"http://a.com\"]", "/egress_allowlist/1")]
    [InlineData("\"policy_version\":\"1\",\"egress_allowlist\":[\"*.com\"]", "/egress_allowlist/0")]
    [InlineData("\"policy_version\":\"1\",\"minimum_model_identity_tier\":\"best\"", "/minimum_model_identity_tier")]
    [InlineData("\"policy_version\":\"1\",\"redaction_rules\":[{\"path\":\"$\",\"action\":\"drop\"}]", "/redaction_rules/0/action")]
    [InlineData("\"policy_version\":\"1\",\"allow_tools\":[]", "/allow_tools")]
    [InlineData("\"policy_version\":\"1\",\"metadata\":[]", "/metadata")]
    public void Load_OneFault_NamesIt(string members, string pointer)
    {
        var text = "{\"policy_id\":\"p\",\"issuer_did\":\"did:web:a\"," + members + "}";

        Assert.Equal(pointer, Assert.Single(WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(text)).Faults).Pointer);
    }

    [Fact]
    public void Load_ManyFaults_ReportsAllInOrder() => Assert.Equal(
        ["/policy_id", "/issuer_did", "/allowed_providers/1"],
        WpcLoader.Load("""{"policy_version":"1","policy_id":" ","issuer_did":"x","allowed_providers":["openai","x"]}"""u8).Faults.Select(static fault => fault.Pointer));
}
