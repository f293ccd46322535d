using System.Collections.Immutable;
using System.Text;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Crypto.Tests;

/// <summary>The worked artefacts of the wire formats, judged as the public reference judges them.</summary>
public sealed class VectorVerdictTests
{
    private const string K1 = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw";
    private const string K2 = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    private const string K3 = "did:key:z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME";

    private static readonly ImmutableArray<string> Everyone = [K1, K2, K3];
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 1, 0, TimeSpan.Zero);

    public static TheoryData<string> ValidFiles =>
    [
        "gateway_receipt_jcs.json", "gateway_receipt_insertion.json", "tool_receipt_v1_envelope.json", "tool_receipt_v2_envelope.json",
        "side_effect_receipt_envelope.json", "human_approval_receipt_envelope.json", "delegation_receipt_envelope.json", "wpc_v1_envelope.json",
    ];

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void Verify_ValidVector_IsValid(string file) => Assert.Equal("VALID", EnvelopeVerifier.Verify(VectorFile.Read(file), Everyone, Now).Code);

    [Theory]
    [InlineData("gateway_receipt_bad_jcshash_on_insertion.json", "HASH_MISMATCH")]
    [InlineData("gateway_receipt_bad_intkeys.json", "HASH_MISMATCH")]
    public void Verify_BadVector_HasTheReferencesCode(string file, string code) =>
        Assert.Equal(code, EnvelopeVerifier.Verify(VectorFile.Read(file), Everyone, Now).Code);

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void Verify_NobodyTrusted_IsNeverValid(string file)
    {
        Assert.Equal("DEPENDENCY_NOT_CONFIGURED", EnvelopeVerifier.Verify(VectorFile.Read(file), [], Now).Code);
        Assert.Equal("CLAIM_NOT_FOUND", EnvelopeVerifier.Verify(VectorFile.Read(file), ["did:key:z6MkStranger"], Now).Code);
    }

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public void Verify_HashOrSignatureChanged_IsRefused(string file)
    {
        var text = Encoding.UTF8.GetString(VectorFile.Read(file));

        Assert.Equal("HASH_MISMATCH", Code(Change(text, "\"payload_hash_b64u\"")));
        Assert.Equal("SIGNATURE_INVALID", Code(Change(text, "\"signature_b64u\"")));
    }

    [Theory]
    [InlineData("\"algorithm\": \"Ed25519\"", "\"algorithm\": \"RS256\"", "UNKNOWN_ALGORITHM")]
    [InlineData("\"hash_algorithm\": \"SHA-256\",\n  \"sig", "\"hash_algorithm\": \"BLAKE3\",\n  \"sig", "UNKNOWN_HASH_ALGORITHM")]
    [InlineData("\"envelope_version\": \"1\"", "\"envelope_version\": \"2\"", "UNKNOWN_ENVELOPE_VERSION")]
    [InlineData("\"gateway_receipt\"", "\"web_receipt\"", "UNKNOWN_ENVELOPE_TYPE")]
    [InlineData("\"tokens_input\": 10", "\"tokens_input\": 10000001", "MALFORMED_ENVELOPE")]
    [InlineData("\"tokens_input\": 10", "\"tokens_input\": 1.5", "MALFORMED_ENVELOPE")]
    [InlineData("\"tokens_input\": 10", "\"tokens_input\": -1", "SCHEMA_VALIDATION_FAILED")]
    [InlineData("\"tokens_input\": 10", "\"tokens_input\": 11", "HASH_MISMATCH")]
    [InlineData("\"issued_at\":", "\"more\": 1, \"issued_at\":", "SCHEMA_VALIDATION_FAILED")]
    [InlineData("\"issued_at\":", "\"expires_at\": \"2020-01-01T00:00:00Z\", \"issued_at\":", "EXPIRED_TTL")]
    [InlineData("\"signature_b64u\":", "\"signature\":", "MALFORMED_ENVELOPE")]
    public void Verify_GatewayReceiptChanged_HasTheReferencesCode(string from, string to, string code)
    {
        var text = Encoding.UTF8.GetString(VectorFile.Read("gateway_receipt_jcs.json"));
        Assert.Contains(from, text, StringComparison.Ordinal);

        Assert.Equal(code, Code(text.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public void Verify_BarePayload_IsNeverValid() => Assert.Equal("MALFORMED_ENVELOPE", EnvelopeVerifier.Verify(VectorFile.Read("wpc_v1_payload.json"), Everyone, Now).Code);

    private static string Code(string text) => EnvelopeVerifier.Verify(Encoding.UTF8.GetBytes(text), Everyone, Now).Code;

    // Changes the first character of the member's value, which carries bits that count.
    private static string Change(string text, string member)
    {
        var at = text.IndexOf('"', text.IndexOf(member, StringComparison.Ordinal) + member.Length) + 1;
        return text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
    }
}
