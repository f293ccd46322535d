using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Crypto.Tests;

/// <summary>The worked receipts of the wire formats, made from typed input with the RFC 8032 test key, byte for byte.</summary>
public sealed class WorkedReceiptTests : IDisposable
{
    private const string Agent = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    private const string Event1 = "lKnR9TFoAseF4fU_j-9SQ3vi2n92sNll7urzyhO1LK8";
    private const string Event2 = "fzkJCQVZPgRFPSSDzxIK11BFO7jvas2OI0GIaiWb9Uc";
    private const string Event3 = "pYeA-Wyq80heNFNjnP93eWi2qNRMNCTe8lGmrMie0e8";
    private const string Policy = "d_isWkhbyvM2ZNdZfzaf03JimF9MYGoeMlsfOL2_6nw";
    private const string Scope = "aX6b8yj6IWpW7wOXsWpvSPQe_w7b6zd0rmGRsFWL1Dg";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PurposeKey _key = Key(KeyPurpose.Receipt);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void PublicKey_OfTheTestSeed_HasTheWorkedNames()
    {
        Assert.Equal("21fe31dfa154a261", _key.PublicKey.KeyId);
        Assert.Equal("did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw", _key.PublicKey.Did);
        Assert.Equal("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", Base64UrlText.Encode(_key.PublicKey.Raw.Span));
    }

    [Fact]
    public void Gateway_WorkedInput_GivesTheWorkedSignature() => AssertSigned(
        EnvelopeTypes.GatewayReceipt,
        new GatewayReceipt
        {
            ReceiptId = "rcpt_0001",
            GatewayId = "did:web:pdp.example.com",
            Provider = "anthropic",
            Model = "claude-sonnet-4",
            RequestHash = "sz432s2qmJ4KVo75ZSBhZQ8t5DieQO5n8tOJI0uSZ_w",
            ResponseHash = "pgh7nquwMCZOc43XWxoHoteZSaPTnbkIUT5Js-n5h_Q",
            TokensInput = 10,
            TokensOutput = 20,
            LatencyMilliseconds = 123,
            Timestamp = Start.AddMilliseconds(123),
            Binding = Binding(Event1, "nonce_0001") with { SpanId = "span_llm_1" },
        }.ToPayload().Value,
        "DSbTxvgWcqfMio4CBOGtuIdqyEYyboRaurA8-fQuA0Y",
        "S--BojbzxZMhfemvHdJq52EpTq8GswMchdNImdTXt7tcz5Gr2bwWGWZ4OaE_bMcZV_HB4RXQT_SCqBzMguqwAA");

    [Fact]
    public void Tool_WorkedInput_GivesTheWorkedSignature() => AssertSigned(
        EnvelopeTypes.ToolReceipt,
        new ToolReceipt
        {
            ReceiptId = "tr_0001",
            ToolName = "github",
            ToolVersion = "1.0",
            AgentDid = Agent,
            ArgumentsHash = "82dMdh0Ur1iaoBWUgC0W28xSTCxo7uz4udIPHQJvGh0",
            ResultHash = "QGLtr3UPuAdOfoPgyQKMlOMkaKi28WFHdDKO8EUVD5M",
            ResultStatus = "success",
            LatencyMilliseconds = 42,
            Timestamp = Start.AddMilliseconds(250),
            Binding = Binding(Event2, "nonce_0002"),
        }.ToPayload().Value,
        "n08_OXpnFndgtmOlbTCGCJ_hEd6nE1L9gtq3sw8TULk",
        "SV32IqFflQe152UT1HjPQOTNbsWQkqoAh5ULb9ooqM042D4hoonNAeWi0i1aInKMvNxFwrLVEw-zE5iGNLbhAg");

    [Fact]
    public void SideEffect_WorkedInput_GivesTheWorkedSignature() => AssertSigned(
        EnvelopeTypes.SideEffectReceipt,
        new SideEffectReceipt
        {
            ReceiptId = "ser_0001",
            AgentDid = Agent,
            EffectClass = "network_egress",
            TargetHash = "4JVQyQdDp3sJtxrpkml0ToubakMCgA8gFSbRH7vN3A4",
            RequestHash = "auD2YARtrc9f6EYsDgCgYttMjWe-gvQJjF6kII0ZsHY",
            ResponseHash = "7FNrQXRiu2WKSwICuPBOU4vex7hJ4MVdkv0d9oRLVSo",
            VendorId = "atlassian",
            ResponseStatus = "success",
            LatencyMilliseconds = 88,
            BytesWritten = 512,
            Timestamp = Start.AddMilliseconds(450),
            Binding = Binding(Event3, "nonce_0003") with { SpanId = "span_side_1", ParentSpanId = "span_llm_1", CapabilityId = "00000000-0000-4000-8000-000000000001" },
        }.ToPayload().Value,
        "-C4sgJbrzUpDuJdRxcHi9GWHLndMgm6gnVQrFud--ps",
        "NoMBzUwhy670iWuSVPJl1nG5d8-J4n0CiV5aqtUlCtEQrDd9EoUbzM2-64wj_IkU-ut_C4g9H5mchkHefTZKBA");

    [Fact]
    public void SignEnvelope_WorkedPolicy_GivesTheWorkedSignature()
    {
        using var key = Key(KeyPurpose.Policy);
        var payload = JsonReader.Parse(VectorFile.Read("wpc_v1_payload.json"), 1 << 16).Value;

        var envelope = key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, payload, Start);

        Assert.Equal(Policy, envelope.PayloadHash);
        Assert.Contains("_tA1fUAwQReXed0HxFcfqEnBEMWTZNRl_6bk96GO8V6ujDxYxF5FR_2FoOZmwxaKaiyHuG9lCgwLapFkuBxWCg", Encoding.UTF8.GetString(envelope.Json.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EnvelopeTypes.WorkPolicyContract)]
    [InlineData(EnvelopeTypes.HumanApprovalReceipt)]
    [InlineData("proof_bundle")]
    public void SignEnvelope_TypeOfAnotherPurpose_Throws(string type) =>
        Assert.Throws<InvalidOperationException>(() => _key.SignEnvelope(type, JsonValue.ObjectOf([]), Start));

    [Theory]
    [InlineData("10")]
    [InlineData("__proto__")]
    public void SignEnvelope_NameThatHashesDifferentlyElsewhere_Throws(string name)
    {
        var payload = new JsonObjectBuilder().Add("metadata", new JsonObjectBuilder().Add(name, "x").Build()).Build();

        Assert.Throws<InvalidOperationException>(() => _key.SignEnvelope(EnvelopeTypes.GatewayReceipt, payload, Start));
    }

    [Fact]
    public void SignToken_ReceiptKey_Throws() => Assert.Throws<InvalidOperationException>(() => _key.SignToken("a.b"u8.ToArray()));

    private static PurposeKey Key(KeyPurpose purpose) =>
        new(purpose, Ed25519SigningKey.FromSeed(Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));

    private static ReceiptBinding Binding(string eventHash, string nonce) =>
        new() { RunId = "run_0001", EventHash = eventHash, Nonce = nonce, PolicyHash = Policy, TokenScopeHash = Scope };

    private void AssertSigned(string type, JsonValue payload, string hash, string signature)
    {
        var envelope = _key.SignEnvelope(type, payload, Start);

        Assert.Equal(hash, envelope.PayloadHash);
        Assert.Equal(signature, JsonReader.Parse(envelope.Json.Span, 1 << 16).Value.FindText("signature_b64u"));
    }
}
