using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Core.Tests.Tokens;

/// <summary>The worked tokens and scope hashes of the wire formats.</summary>
public sealed class WorkedTokenTests
{
    private const string K1 = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw";
    private const string K2 = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    private const string K3 = "did:key:z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME";
    private const string Policy = "d_isWkhbyvM2ZNdZfzaf03JimF9MYGoeMlsfOL2_6nw";

    private static readonly CstClaims A = new() { Subject = K2, Audience = ["clawproxy.com"], Scope = ["proxy:call"], IssuedAt = 0, ExpiresAt = 1 };

    private static readonly CstClaims C = A with
    {
        Scope = ["proxy:call", "proxy:provider:anthropic"],
        OwnerDid = K1,
        ControllerDid = K3,
        AgentDid = K2,
        PolicyHash = Policy,
        ControlPlanePolicyHash = "RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o",
    };

    [Fact]
    public void Compute_ExampleA_Minimal() => Assert.Equal("2Xjjpe-2bQCKj-zVhyBptcV8TcuK_LbDbC4Mdvt6N-U", TokenScopeHash.Compute(A));

    [Fact]
    public void Compute_ExampleB_Untidy() => Assert.Equal("Dn2nPGgdzmGLlyaDZ-AI8BhFCsOa0bcuKtFzsvCYYao", TokenScopeHash.Compute(new CstClaims
    {
        Subject = $"  {K2} ",
        Audience = [" staging.clawproxy.com", "clawproxy.com", "clawproxy.com", ""],
        Scope = ["proxy:call", "clawproxy:call", " proxy:call ", "Proxy:Call"],
        MissionId = " mission_123 ",
        SpendCap = 1.50,
        OwnerRef = "",
        IssuedAt = 1,
        ExpiresAt = 2,
        TokenId = "x",
        Nonce = "y",
        TokenLane = "legacy",
    }));

    [Fact]
    public void Compute_ExampleC_Canonical() => Assert.Equal("aX6b8yj6IWpW7wOXsWpvSPQe_w7b6zd0rmGRsFWL1Dg", TokenScopeHash.Compute(C));

    [Fact]
    public void Compute_ExampleD_Delegated() => Assert.Equal("163SYzTnU3SE8GxmF6XIAh05-gzvOCsK5Vb9YC4hue4", TokenScopeHash.Compute(C with
    {
        DelegationId = "dlg_1",
        DelegatorDid = K1,
        DelegateDid = K2,
        DelegationPolicyHash = Policy,
        DelegationSpendCapMinor = "2500",
        DelegationExpiresAt = 1767229200.9,
    }));

    [Fact]
    public void Parse_TokenC_HasTheWorkedHashesAndClaims()
    {
        var envelope = CstEnvelope.Parse(TokenC(), out _);
        var claims = envelope?.ReadClaims(out _, out _);

        Assert.NotNull(envelope);
        Assert.NotNull(claims);
        Assert.Equal("21fe31dfa154a261", envelope.KeyId);
        Assert.Equal("0d6d6948999a272948ba7471b9b859ceb1125c0c3240a810a0ad9b84edab0e32", envelope.TokenHash);
        Assert.Equal((1767225600, 1767226200), (claims.IssuedAt, claims.ExpiresAt));
        Assert.Equal(claims.TokenScopeHash, TokenScopeHash.Compute(claims));
    }

    [Theory]
    [InlineData("==")]
    [InlineData("\n")]
    [InlineData(".")]
    public void Parse_Respelled_IsMalformed(string suffix)
    {
        Assert.Null(CstEnvelope.Parse(TokenC() + suffix, out var failure));
        Assert.Equal(CstFailure.Malformed, failure);
    }

    [Fact]
    public void Parse_SpareBitsOfTheLastCharacter_IsMalformed()
    {
        Assert.EndsWith("g", TokenC(), StringComparison.Ordinal);
        Assert.Null(CstEnvelope.Parse(TokenC()[..^1] + "h", out var failure));
        Assert.Equal(CstFailure.Malformed, failure);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""", CstFailure.UnsupportedAlg)]
    [InlineData("""{"alg":"HS256","kid":"a"}""", CstFailure.UnsupportedAlg)]
    [InlineData("""{"alg":"EdDSA","crit":["exp"]}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","kid":1}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","typ":"at+jwt"}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","alg":"EdDSA"}""", CstFailure.Malformed)]
    [InlineData("[]", CstFailure.Malformed)]
    public void Parse_Header_IsJudgedFirst(string header, CstFailure expected)
    {
        var token = Core.Encoding.Base64UrlText.Encode(System.Text.Encoding.UTF8.GetBytes(header)) + TokenC()[TokenC().IndexOf('.', StringComparison.Ordinal)..];

        Assert.Null(CstEnvelope.Parse(token, out var failure));
        Assert.Equal(expected, failure);
    }

    [Theory]
    [InlineData("token_version", "\"2\"", CstFailure.UnknownVersion)]
    [InlineData("token_version", "1", CstFailure.InvalidClaims)]
    [InlineData("sub", "\" \"", CstFailure.InvalidClaims)]
    [InlineData("aud", "[\"\"]", CstFailure.InvalidClaims)]
    [InlineData("scope", "[]", CstFailure.InvalidClaims)]
    [InlineData("scope", "\"proxy:call\"", CstFailure.InvalidClaims)]
    [InlineData("exp", "\"1767226200\"", CstFailure.InvalidClaims)]
    [InlineData("exp", "1.5", CstFailure.InvalidClaims)]
    [InlineData("policy_hash_b64u", "\"d_isWkhbyvM2ZNdZfzaf03JimF9MYGoeMlsfOL2_6nx\"", CstFailure.InvalidClaims)]
    [InlineData("agent_did", "\"did:key:zOther\"", CstFailure.InvalidClaims)]
    [InlineData("owner_did", "\"owner\"", CstFailure.InvalidClaims)]
    [InlineData("spend_cap", "-1", CstFailure.InvalidClaims)]
    [InlineData("token_lane", "\"fast\"", CstFailure.InvalidClaims)]
    [InlineData("extra", "1", CstFailure.InvalidClaims)]
    [InlineData("delegation_id", "\"dlg_1\"", CstFailure.DelegationUnbound)]
    public void ReadClaims_OneClaimOff_NamesIt(string claim, string value, CstFailure expected)
    {
        var changed = JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(value), 1000).Value;
        var members = C.ToJson().Members.Where(member => member.Name != claim);
        var payload = JsonValue.ObjectOf([.. members, new JsonMember(claim, changed)]);
        var parts = TokenC().Split('.');
        var token = parts[0] + "." + Core.Encoding.Base64UrlText.Encode(JsonWriter.WriteCanonical(payload)) + "." + parts[2];

        Assert.Equal((expected, claim), Failure(token));
    }

    private static (CstFailure Failure, string Field) Failure(string token)
    {
        var failure = CstFailure.None;
        var field = "";
        CstEnvelope.Parse(token, out _)?.ReadClaims(out failure, out field);
        return (failure, field.Split('/')[0]);
    }

    private static string TokenC() => JsonReader.Parse(TestData.Vector("token_c.json"), 1 << 16).Value.FindText("token") ?? "";
}
