using System.Globalization;
using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

public sealed class IdTokenClaimTests
{
    [Fact]
    public async Task Validate_Issuer_IsComparedExactly()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims();
        var issuer = bed.Provider.Issuer;

        foreach (var other in new[] { issuer + "/", issuer.ToUpperInvariant(), issuer + " ", issuer[..^1], "https://evil.example", "" })
        {
            Assert.Equal(IdentityFailure.IdTokenIssuerUnknown, await bed.RefusalAsync(claims.With("iss", $"\"{other}\"")));
        }

        foreach (var json in new[] { "1", "null", $"[\"{issuer}\"]", "{}" })
        {
            Assert.Equal(IdentityFailure.IdTokenIssuerUnknown, await bed.RefusalAsync(claims.With("iss", json)));
        }

        Assert.Equal(IdentityFailure.IdTokenIssuerUnknown, await bed.RefusalAsync(claims.Without("iss")));
        Assert.Equal(0, bed.Provider.DiscoveryCount);
    }

    [Theory]
    [InlineData("\"client-1\"", "client-1")]
    [InlineData("\"client-2\"", "client-2")]
    [InlineData("[\"client-2\"]", "client-2")]
    public async Task Validate_AudienceOfOurs_IsAccepted(string audience, string expected)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(expected, (await bed.AcceptAsync(bed.Claims().With("aud", audience))).ClientId);
    }

    [Theory]
    [InlineData("\"client-3\"")]
    [InlineData("\"Client-1\"")]
    [InlineData("\"client-1/\"")]
    [InlineData("\"client-1 \"")]
    [InlineData("\"client-1 client-2\"")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("[\"other\"]")]
    [InlineData("[\"client-1\",1]")]
    [InlineData("[[\"client-1\"]]")]
    [InlineData("{\"client-1\":1}")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("null")]
    public async Task Validate_OtherAudience_IsBad(string audience)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenBadAudience, await bed.RefusalAsync(bed.Claims().With("aud", audience)));
    }

    [Fact]
    public async Task Validate_NoAudience_IsBad()
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenBadAudience, await bed.RefusalAsync(bed.Claims().Without("aud")));
    }

    [Fact]
    public async Task Validate_SeveralAudiences_NeedAnAuthorizedPartyOfOurs()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims().With("aud", "[\"other\",\"client-2\"]");

        var identity = await bed.AcceptAsync(claims.With("azp", "\"client-2\""));

        Assert.Equal("client-2", identity.ClientId);
        Assert.Equal(IdentityFailure.IdTokenBadAzp, await bed.RefusalAsync(claims));
        Assert.Equal(IdentityFailure.IdTokenBadAzp, await bed.RefusalAsync(claims.With("azp", "\"other\"")));
        Assert.Equal(IdentityFailure.IdTokenBadAzp, await bed.RefusalAsync(claims.With("azp", "\"Client-2\"")));
    }

    [Theory]
    [InlineData("\"other\"")]
    [InlineData("\"\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[\"client-1\"]")]
    public async Task Validate_AuthorizedPartyThatIsNotOurs_IsBadWithOneAudienceToo(string party)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenBadAzp, await bed.RefusalAsync(bed.Claims().With("azp", party)));
        await bed.AcceptAsync(bed.Claims().With("azp", "\"client-1\""));
    }

    [Theory]
    [InlineData(-60, true)]
    [InlineData(-59, false)]
    public async Task Validate_Expiry_EndsAtTheSecondWithSkew(int offset, bool expired)
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims().With("iat", TestBed.Seconds(TestBed.Now - 100)).With("exp", TestBed.Seconds(TestBed.Now + offset));

        Assert.Equal(expired ? IdentityFailure.IdTokenExpired : null, await OutcomeAsync(bed, claims));
    }

    [Fact]
    public async Task Validate_ExpiryWithoutSkew_EndsAtTheSecond()
    {
        await using var bed = await TestBed.StartAsync(static issuer =>
            new IssuerDocument { Issuer = issuer, ClientIds = ["client-1"], ClockSkewSeconds = 0 });

        await bed.AcceptAsync(bed.Claims().With("exp", TestBed.Seconds(TestBed.Now + 1)));
        Assert.Equal(IdentityFailure.IdTokenExpired, await bed.RefusalAsync(bed.Claims().With("exp", TestBed.Seconds(TestBed.Now))));
    }

    [Theory]
    [InlineData("nbf", 60, false)]
    [InlineData("nbf", 61, true)]
    [InlineData("iat", 60, false)]
    [InlineData("iat", 61, true)]
    public async Task Validate_StartAndIssue_MayLieAheadByTheSkew(string claim, int offset, bool refused)
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims().With(claim, TestBed.Seconds(TestBed.Now + offset));

        Assert.Equal(refused ? IdentityFailure.IdTokenNotYetValid : null, await OutcomeAsync(bed, claims));
    }

    [Theory]
    [InlineData(86_400, false)]
    [InlineData(86_401, true)]
    public async Task Validate_Age_EndsAfterTheMaximum(int age, bool refused)
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims().With("iat", TestBed.Seconds(TestBed.Now - age));

        Assert.Equal(refused ? IdentityFailure.IdTokenTooOld : null, await OutcomeAsync(bed, claims));
    }

    [Fact]
    public async Task Validate_TokenThatWasGood_ExpiresAsTimePasses()
    {
        await using var bed = await TestBed.StartAsync();
        var token = TestBed.Sign(bed.Claims());
        await bed.AcceptAsync(token);

        bed.Time.Advance(TimeSpan.FromSeconds(359));
        await bed.AcceptAsync(token);
        bed.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(IdentityFailure.IdTokenExpired, await bed.RefusalAsync(token));
    }

    [Theory]
    [InlineData("\"1767225900\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1767225900]")]
    [InlineData("{}")]
    [InlineData("-1")]
    [InlineData("253402300800")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("1e30")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    public async Task Validate_TimeThatIsNone_IsInvalid(string json)
    {
        await using var bed = await TestBed.StartAsync();

        foreach (var name in new[] { "exp", "nbf", "iat" })
        {
            Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await bed.RefusalAsync(bed.Claims().With(name, json)));
        }
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("iat")]
    public async Task Validate_TimeThatIsMissing_IsInvalid(string name)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await bed.RefusalAsync(bed.Claims().Without(name)));
    }

    [Theory]
    [InlineData("1767225900.9", 1_767_225_900)]
    [InlineData("1e10", 10_000_000_000)]
    [InlineData("1.7672259e9", 1_767_225_900)]
    [InlineData("253402300799", 253_402_300_799)]
    [InlineData("253402300799.0", 253_402_300_799)]
    public async Task Validate_TimeAsAnyJsonNumber_IsReadToTheSecond(string json, long expected)
    {
        await using var bed = await TestBed.StartAsync();

        var identity = await bed.AcceptAsync(bed.Claims().With("exp", json).With("nbf", "1767225600.5").With("iat", "1767225590.25"));

        Assert.Equal(expected, identity.ExpiresAt.ToUnixTimeSeconds());
        Assert.Equal(1_767_225_590, identity.IssuedAt.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"  \"")]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[\"a\"]")]
    public async Task Validate_SubjectThatNamesNobody_IsInvalid(string subject)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await bed.RefusalAsync(bed.Claims().With("sub", subject)));
    }

    [Fact]
    public async Task Validate_Subject_HasOneTo255Characters()
    {
        await using var bed = await TestBed.StartAsync();

        await bed.AcceptAsync(bed.Claims().With("sub", $"\"{new string('s', 255)}\""));
        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await bed.RefusalAsync(bed.Claims().With("sub", $"\"{new string('s', 256)}\"")));
        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await bed.RefusalAsync(bed.Claims().Without("sub")));
    }

    [Fact]
    public async Task Validate_LogoutToken_IsNotAnIdToken()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims().With("events", "{\"http://schemas.openid.net/event/backchannel-logout\":{}}");

        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await bed.RefusalAsync(claims));
    }

    [Theory]
    [InlineData("jti", "1")]
    [InlineData("nonce", "{}")]
    [InlineData("email", "5")]
    [InlineData("amr", "\"pwd\"")]
    [InlineData("auth_time", "\"x\"")]
    [InlineData("act", "[]")]
    [InlineData("acr", "1e400")]
    [InlineData("at_hash", "null")]
    public async Task Validate_ClaimThatIsNotRead_NeverBreaksTheCheck(string name, string json)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.NotEqual(IdentityFailure.InternalError, await OutcomeAsync(bed, bed.Claims().With(name, json)));
    }

    [Fact]
    public async Task Validate_ManyFaults_TellsTheFirstInTheStatedOrder()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims()
            .With("aud", "\"other\"").With("azp", "\"other\"")
            .With("exp", "0").With("nbf", "99999999999").With("iat", "99999999999")
            .Without("sub").Without("groups");
        IdentityFailure[] expected =
        [
            IdentityFailure.IdTokenSignatureInvalid, IdentityFailure.IdTokenBadAudience, IdentityFailure.IdTokenBadAzp,
            IdentityFailure.IdTokenExpired, IdentityFailure.IdTokenNotYetValid, IdentityFailure.IdTokenNotYetValid,
            IdentityFailure.IdTokenTooOld, IdentityFailure.IdTokenInvalidClaims, IdentityFailure.GroupsMissing,
        ];

        var told = new List<IdentityFailure> { await bed.RefusalAsync(TestBed.Sign(claims, SigningKey.Rsa2.Named("rsa-1"), "RS256")) };
        Func<RawObject, RawObject>[] repairs =
        [
            static c => c, static c => c.With("aud", "\"client-1\""), static c => c.Without("azp"),
            static c => c.With("exp", "99999999999"), static c => c.Without("nbf"), static c => c.With("iat", "1"),
            static c => c.With("iat", TestBed.Seconds(TestBed.Now)), static c => c.With("sub", "\"u\""),
        ];
        foreach (var repair in repairs)
        {
            claims = repair(claims);
            told.Add(await bed.RefusalAsync(claims));
        }

        Assert.Equal(expected, told);
    }

    [Fact]
    public async Task Validate_Refusal_TellsNothingOfTheToken()
    {
        const string Canary = "canary7f3a";
        await using var bed = await TestBed.StartAsync();
        var canary = $"\"{Canary}\"";
        var claims = bed.Claims().With("sub", canary).With("email", canary).With("groups", $"[{canary}]");
        string[] members = ["iss", "aud", "azp", "exp", "nbf", "iat", "groups"];
        var tokens = members.Select(name => TestBed.Sign(claims.With(name, canary))).ToList();
        tokens.Add(TestBed.Sign(claims, SigningKey.Rsa2.Named("rsa-1"), "RS256"));
        tokens.Add(TestBed.Sign(claims, SigningKey.Rsa2.Named(Canary), "RS256"));
        tokens.Add(TestBed.Sign(claims.With("sub", $"{canary[..^1]}\\u0000\"")));

        foreach (var token in tokens)
        {
            var refusal = Assert.IsType<IdentityRefusal>(await bed.ValidateAsync(token));

            var told = string.Join('\n', bed.SourceLog.Lines.Concat(bed.ValidatorLog.Lines).Append(refusal.Message));
            Assert.DoesNotContain(Canary, told, StringComparison.OrdinalIgnoreCase);
            Assert.All(token.Split('.'), part => Assert.DoesNotContain(part, told, StringComparison.Ordinal));
            Assert.Equal(refusal.Message.ToLower(CultureInfo.InvariantCulture)[0], refusal.Message[0]);
        }
    }

    private static async Task<IdentityFailure?> OutcomeAsync(TestBed bed, RawObject claims) =>
        await bed.ValidateAsync(TestBed.Sign(claims)) is IdentityRefusal refusal ? refusal.Code : null;
}
