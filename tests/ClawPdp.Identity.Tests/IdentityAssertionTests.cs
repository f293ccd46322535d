using System.Globalization;
using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

/// <summary>Identity assertions (ID-JAG): what sets them apart from ID tokens, and that all else is checked as for these.</summary>
public sealed class IdentityAssertionTests
{
    private const string Server = "https://pdp.example.com";
    private const string Client = "agent-host";

    [Fact]
    public async Task ValidateAssertion_AGoodOne_SaysWhatItIs()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = Claims(bed).With("resource", "\"https://mcp.example.com/\"").With("scope", "\"tool:github model:gpt-4o\"");

        var assertion = Assert.IsType<VerifiedAssertion>(await ValidateAsync(bed, claims));

        Assert.Equal(("jag-1", "tool:github model:gpt-4o"), (assertion.AssertionId, assertion.Scope));
        Assert.Equal(["https://mcp.example.com/"], assertion.Resources);
        Assert.Equal((bed.Provider.Issuer, "00u1abcd", Client), (assertion.Identity.Issuer, assertion.Identity.Subject, assertion.Identity.ClientId));
        Assert.Equal(["platform-engineers", "everyone"], assertion.Identity.Groups);
    }

    [Theory]
    [InlineData("aud", "[\"https://pdp.example.com\"]")]
    [InlineData("resource", "[\"https://a.example/\",\"urn:b\"]")]
    [InlineData("nbf", "1767225600")]
    [InlineData("azp", "\"somebody\"")]
    [InlineData("scope", "\"\"")]
    [InlineData("email", "\"a@example.com\"")]
    public async Task ValidateAssertion_WhatMayBe_IsAccepted(string claim, string json)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.IsType<VerifiedAssertion>(await ValidateAsync(bed, Claims(bed).With(claim, json)));
    }

    [Theory]
    [InlineData("aud", "\"https://pdp.example.com/\"", IdentityFailure.IdTokenBadAudience)]
    [InlineData("aud", "\"https://pdp.example.con\"", IdentityFailure.IdTokenBadAudience)]
    [InlineData("aud", "\"https://PDP.example.com\"", IdentityFailure.IdTokenBadAudience)]
    [InlineData("aud", "\"client-1\"", IdentityFailure.IdTokenBadAudience)]
    [InlineData("aud", "[]", IdentityFailure.IdTokenBadAudience)]
    [InlineData("aud", "[\"https://pdp.example.com\",\"other\"]", IdentityFailure.IdTokenBadAudience)]
    [InlineData("aud", "[[\"https://pdp.example.com\"]]", IdentityFailure.IdTokenBadAudience)]
    [InlineData("aud", "1", IdentityFailure.IdTokenBadAudience)]
    [InlineData("aud", null, IdentityFailure.IdTokenBadAudience)]
    [InlineData("client_id", "\"agent-hosT\"", IdentityFailure.IdJagClientMismatch)]
    [InlineData("client_id", "\"agent-host \"", IdentityFailure.IdJagClientMismatch)]
    [InlineData("client_id", "\"\"", IdentityFailure.IdJagClientMismatch)]
    [InlineData("client_id", "[\"agent-host\"]", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("client_id", null, IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("jti", "\"\"", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("jti", "\" \"", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("jti", "\"a\\u0000\"", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("jti", "7", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("jti", null, IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("resource", "\"\"", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("resource", "\"relative\"", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("resource", "\"https://a.example/#part\"", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("resource", "[]", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("resource", "[\"https://a.example/\",1]", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("resource", "null", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("scope", "[\"tool:github\"]", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("scope", "null", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("cnf", "{\"jkt\":\"x\"}", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("authorization_details", "[]", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("events", "{}", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("sub", null, IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("sub", "\" \"", IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("exp", null, IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("exp", "1767225540", IdentityFailure.IdTokenExpired)]
    [InlineData("iat", null, IdentityFailure.IdTokenInvalidClaims)]
    [InlineData("iat", "1767225661", IdentityFailure.IdTokenNotYetValid)]
    [InlineData("iat", "1767139199", IdentityFailure.IdTokenTooOld)]
    [InlineData("nbf", "1767225661", IdentityFailure.IdTokenNotYetValid)]
    [InlineData("iss", "\"https://evil.example\"", IdentityFailure.IdTokenIssuerUnknown)]
    [InlineData("groups", null, IdentityFailure.GroupsMissing)]
    [InlineData("groups", "\"everyone\"", IdentityFailure.GroupsInvalid)]
    [InlineData("hasgroups", "true", IdentityFailure.GroupsOverage)]
    public async Task ValidateAssertion_OneClaimOff_IsRefused(string claim, string? json, IdentityFailure expected)
    {
        await using var bed = await TestBed.StartAsync();
        var claims = json is null ? Claims(bed).Without(claim) : Claims(bed).With(claim, json);

        Assert.Equal(expected, await RefusalAsync(bed, Sign(claims)));
    }

    [Theory]
    [InlineData("\"oauth-id-jag+jwt\"", true)]
    [InlineData("\"OAuth-ID-JAG+JWT\"", true)]
    [InlineData("\"JWT\"", false)]
    [InlineData("\"oauth-id-jag\"", false)]
    [InlineData("\"oauth-id-jag+jwt \"", false)]
    [InlineData("[\"oauth-id-jag+jwt\"]", false)]
    [InlineData(null, false)]
    public async Task ValidateAssertion_Type_IsThatOfAnAssertion(string? type, bool isGood)
    {
        await using var bed = await TestBed.StartAsync();
        var header = TestBed.Header("RS256", SigningKey.Rsa1.Id).Without("typ");
        var token = Sign(Claims(bed), type is null ? header : header.With("typ", type));

        Assert.Equal(isGood ? null : IdentityFailure.IdTokenInvalidClaims, (await ValidateAsync(bed, token) as IdentityRefusal)?.Code);
    }

    [Fact]
    public async Task ValidateAssertion_OneBitOfTheSignatureOrAnotherKey_IsRefused()
    {
        await using var bed = await TestBed.StartAsync();
        var good = Sign(Claims(bed));
        var at = good.LastIndexOf('.') + 9;

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await RefusalAsync(bed, good[..at] + (good[at] == 'A' ? 'B' : 'A') + good[(at + 1)..]));
        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await RefusalAsync(bed, Sign(Claims(bed), signer: SigningKey.Rsa2)));
        Assert.Equal(IdentityFailure.IdTokenUnknownKid, await RefusalAsync(bed, Sign(Claims(bed), Header().With("kid", "\"rsa-9\""))));
        Assert.Equal(IdentityFailure.IdTokenUnsupportedAlg, await RefusalAsync(bed, Sign(Claims(bed), Header().With("alg", "\"none\""))));
    }

    [Fact]
    public async Task Validate_TheOneForTheOther_IsRefused()
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await bed.RefusalAsync(Sign(Claims(bed).With("aud", "\"client-1\""))));
        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await RefusalAsync(bed, TestBed.Sign(Claims(bed))));
        Assert.Equal(IdentityFailure.IdTokenRequired, await RefusalAsync(bed, ""));
    }

    [Fact]
    public async Task ValidateAssertion_LongestId_IsAccepted()
    {
        await using var bed = await TestBed.StartAsync();
        var longest = new string('j', 255);

        Assert.Equal(longest, Assert.IsType<VerifiedAssertion>(await ValidateAsync(bed, Claims(bed).With("jti", $"\"{longest}\""))).AssertionId);
        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await RefusalAsync(bed, Sign(Claims(bed).With("jti", $"\"{longest}j\""))));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public async Task ValidateAssertion_Resources_AreBounded(int count, bool isGood)
    {
        await using var bed = await TestBed.StartAsync();
        var resources = Enumerable.Range(0, count).Select(static index => $"\"urn:r:{index.ToString(CultureInfo.InvariantCulture)}\"");

        Assert.Equal(isGood, await ValidateAsync(bed, Claims(bed).With("resource", $"[{string.Join(',', resources)}]")) is VerifiedAssertion);
    }

    private static RawObject Claims(TestBed bed) => bed.Claims().With("aud", $"\"{Server}\"").With("client_id", $"\"{Client}\"").With("jti", "\"jag-1\"");

    private static RawObject Header() => TestBed.Header("RS256", SigningKey.Rsa1.Id).With("typ", "\"oauth-id-jag+jwt\"");

    private static string Sign(RawObject claims, RawObject? header = null, SigningKey? signer = null) =>
        TestBed.Token((header ?? Header()).ToString(), claims.ToString(), data => (signer ?? SigningKey.Rsa1).Sign("RS256", data));

    private static Task<IdentityResult> ValidateAsync(TestBed bed, RawObject claims) => ValidateAsync(bed, Sign(claims));

    private static Task<IdentityResult> ValidateAsync(TestBed bed, string token) =>
        bed.Validator.ValidateAssertionAsync(token, new AssertionExpectation(Server, Client), TestContext.Current.CancellationToken);

    private static async Task<IdentityFailure> RefusalAsync(TestBed bed, string token) => Assert.IsType<IdentityRefusal>(await ValidateAsync(bed, token)).Code;
}
