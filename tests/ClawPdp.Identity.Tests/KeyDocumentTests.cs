using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

public sealed class KeyDocumentTests
{
    [Theory]
    [InlineData("", "/.well-known/openid-configuration")]
    [InlineData("/", "/.well-known/openid-configuration")]
    [InlineData("/tenant/v2.0", "/tenant/v2.0/.well-known/openid-configuration")]
    [InlineData("/tenant/", "/tenant/.well-known/openid-configuration")]
    public async Task Validate_Discovery_IsBelowTheIssuer(string path, string expected)
    {
        await using var bed = await TestBed.StartAsync(path: path);
        var asked = "";
        var answer = bed.Provider.Discovery;
        bed.Provider.Discovery = context =>
        {
            asked = context.Request.Path.Value ?? "";
            return answer(context);
        };

        await bed.AcceptAsync(bed.Claims());

        Assert.Equal(expected, asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"issuer\":\"ISSUER\"}")]
    [InlineData("{\"jwks_uri\":\"ORIGIN/keys\"}")]
    [InlineData("{\"issuer\":\"ISSUER/\",\"jwks_uri\":\"ORIGIN/keys\"}")]
    [InlineData("{\"issuer\":\"https://evil.example\",\"jwks_uri\":\"ORIGIN/keys\"}")]
    [InlineData("{\"issuer\":[\"ISSUER\"],\"jwks_uri\":\"ORIGIN/keys\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":1}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"/keys\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"file:///etc/passwd\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"http://10.0.0.1/keys\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"http://idp.example.com/keys\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"ORIGIN/keys#a\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"ORIGIN/keys\",\"jwks_uri\":\"ORIGIN/keys\"}")]
    public async Task Validate_BadDiscovery_IsUnavailable(string document)
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Discovery = StubIdentityProvider.Text(document
            .Replace("ISSUER", bed.Provider.Issuer, StringComparison.Ordinal)
            .Replace("ORIGIN", bed.Provider.Origin, StringComparison.Ordinal));

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
        Assert.Equal(0, bed.Provider.KeySetCount);
        Assert.StartsWith("discovery: the ", bed.Source.Health.LastFailureReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{\"keys\":[KEY]} x")]
    [InlineData("[KEY]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":null}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[1,null,\"x\",[],{}]}")]
    [InlineData("{\"keys\":[KEY],\"keys\":[KEY]}")]
    public async Task Validate_BadKeySet_IsUnavailableAndKeepsLastGoodKeys(string document)
    {
        await using var fresh = await TestBed.StartAsync();
        await using var used = await TestBed.StartAsync();
        await used.AcceptAsync(used.Claims());
        var answer = StubIdentityProvider.Text(document.Replace("KEY", SigningKey.Rsa1.Jwk().ToString(), StringComparison.Ordinal));
        fresh.Provider.KeySet = answer;
        used.Provider.KeySet = answer;

        Assert.Equal(IdentityFailure.IdpUnavailable, await fresh.RefusalAsync(fresh.Claims()));
        Assert.Equal(IdentityFailure.IdpUnavailable, await used.RefusalAsync(TestBed.Sign(used.Claims(), SigningKey.Rsa2, "RS256")));
        await used.AcceptAsync(used.Claims());
        Assert.Equal(IssuerState.Degraded, used.Source.Health.State);
    }

    [Theory]
    [InlineData("canary7f3a")]
    [InlineData("{\"issuer\":\"canary7f3a\",\"jwks_uri\":\"https://canary7f3a/\"}")]
    [InlineData("{\"issuer\":{\"canary7f3a\":1}}")]
    [InlineData("{\"scopes_supported\":\"canary7f3a\"}")]
    public async Task Validate_WhatTheIssuerSent_IsNeverToldOn(string document)
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Discovery = StubIdentityProvider.Text(document);

        var refusal = Assert.IsType<IdentityRefusal>(await bed.ValidateAsync(TestBed.Sign(bed.Claims())));

        var told = string.Join('\n', bed.SourceLog.Lines.Append(refusal.Message).Append(bed.Source.Health.LastFailureReason));
        Assert.DoesNotContain("canary7f3a", told, StringComparison.Ordinal);
        Assert.DoesNotContain("IDX", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_TooManyKeys_IsUnavailable()
    {
        await using var bed = await TestBed.StartAsync();
        var fill = SigningKey.P256.Jwk();

        bed.Provider.Keys = [.. Enumerable.Repeat(fill, 100), SigningKey.Rsa1.Jwk()];
        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
        bed.Time.Advance(TimeSpan.FromSeconds(30));
        bed.Provider.Keys = [.. Enumerable.Repeat(fill, 99), SigningKey.Rsa1.Jwk()];

        await bed.AcceptAsync(bed.Claims());
    }

    public static TheoryData<string, string> UnusableMembers => new()
    {
        { "use", "\"enc\"" },
        { "use", "\"SIG\"" },
        { "use", "1" },
        { "key_ops", "[\"sign\"]" },
        { "kty", "\"oct\"" },
        { "kty", "\"EC\"" },
        { "kty", "1" },
        { "kid", "1" },
        { "kid", "\"\"" },
        { "alg", "1" },
        { "n", "\"\"" },
        { "n", "\"AQAB=\"" },
        { "n", "1" },
        { "e", "\"AQ\"" },
        { "e", "\"AA\"" },
        { "e", "\"Ag\"" },
        { "e", "\"\"" },
        { "e", "\"AQABAQABAQABAQAB\"" },
        { "d", SigningKey.Rsa1.PrivateExponent() },
        { "k", "\"AAAA\"" },
    };

    [Theory]
    [MemberData(nameof(UnusableMembers))]
    public async Task Validate_UnusableKey_IsPassedOver(string member, string json)
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.Rsa1.Jwk().With(member, json), SigningKey.Rsa2.Jwk()];

        await bed.AcceptAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa2, "RS256"));

        Assert.IsType<IdentityRefusal>(await bed.ValidateAsync(TestBed.Sign(bed.Claims())));
        Assert.Equal(1, bed.Source.Health.KeyCount);
    }

    [Theory]
    [InlineData("use", null)]
    [InlineData("key_ops", "[\"verify\"]")]
    [InlineData("alg", "\"RS256\"")]
    [InlineData("x5c", "[\"not a certificate\"]")]
    [InlineData("unheard_of", "{}")]
    public async Task Validate_UsableKey_IsUsed(string member, string? json)
    {
        await using var bed = await TestBed.StartAsync();
        var jwk = SigningKey.Rsa1.Jwk();
        bed.Provider.Keys = [json is null ? jwk.Without(member) : jwk.With(member, json)];

        await bed.AcceptAsync(bed.Claims());
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(2040, false)]
    [InlineData(2048, true)]
    [InlineData(3072, true)]
    public async Task Validate_RsaKey_HasAtLeast2048Bits(int bits, bool accepted)
    {
        await using var bed = await TestBed.StartAsync();
        var key = SigningKey.OfRsaBits(bits);
        bed.Provider.Keys = [key.Jwk(), SigningKey.P256.Jwk()];

        var result = await bed.ValidateAsync(TestBed.Sign(bed.Claims(), key, "RS256"));

        Assert.Equal(accepted ? null : IdentityFailure.IdTokenUnknownKid, (result as IdentityRefusal)?.Code);
    }

    [Theory]
    [InlineData("x", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")]
    [InlineData("x", "\"AAAA\"")]
    [InlineData("crv", "\"P-384\"")]
    [InlineData("crv", "\"secp256k1\"")]
    [InlineData("crv", "\"p-256\"")]
    public async Task Validate_PointThatIsNotOnTheCurve_IsPassedOver(string member, string json)
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.P256.Jwk().With(member, json), SigningKey.Rsa1.Jwk()];

        Assert.Equal(
            IdentityFailure.IdTokenUnknownKid, await bed.RefusalAsync(TestBed.Sign(bed.Claims(), SigningKey.P256, "ES256")));
        Assert.Equal(1, bed.Source.Health.KeyCount);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(304)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task Validate_StatusOtherThan200_IsUnavailable(int status)
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.KeySet = StubIdentityProvider.Status(status);

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
        Assert.Equal($"keys: the answer has status {status}", bed.Source.Health.LastFailureReason);
    }

    [Fact]
    public async Task Validate_Redirect_IsNotFollowed()
    {
        await using var bed = await TestBed.StartAsync();
        await using var other = await StubIdentityProvider.StartAsync();
        bed.Provider.KeySet = StubIdentityProvider.Redirect($"{other.Origin}/keys");

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
        bed.Time.Advance(TimeSpan.FromSeconds(30));
        bed.Provider.Discovery = StubIdentityProvider.Redirect($"{other.Origin}{StubIdentityProvider.DiscoveryPath}");
        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));

        Assert.Equal(0, other.DiscoveryCount + other.KeySetCount);
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public async Task Validate_Answer_IsLimitedInSize(int size, bool accepted)
    {
        await using var bed = await TestBed.StartAsync(static issuer =>
            new IssuerDocument { Issuer = issuer, ClientIds = ["client-1"], ResponseSizeMaxBytes = 2048 });
        bed.Provider.KeySet = StubIdentityProvider.Text(bed.Provider.KeySetDocument().PadRight(size));

        var result = await bed.ValidateAsync(TestBed.Sign(bed.Claims()));

        Assert.Equal(accepted ? null : IdentityFailure.IdpUnavailable, (result as IdentityRefusal)?.Code);
    }

    [Fact]
    public async Task Validate_AnswerWithoutEnd_IsCutAtTheLimit()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.KeySet = static async context =>
        {
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
        Assert.Equal("keys: the answer is larger than 524288 bytes", bed.Source.Health.LastFailureReason);
    }

    [Fact]
    public async Task Validate_BrokenAnswer_IsUnavailable()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.KeySet = static async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync("{\"keys\":"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        };

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));
    }

    [Fact]
    public async Task Validate_Request_CarriesNoCookieBack()
    {
        await using var bed = await TestBed.StartAsync();
        var cookies = new List<string>();
        var answer = bed.Provider.Discovery;
        bed.Provider.Discovery = context =>
        {
            cookies.AddRange(context.Request.Headers.Cookie.OfType<string>());
            context.Response.Headers.SetCookie = "a=b; path=/";
            return answer(context);
        };

        await bed.AcceptAsync(bed.Claims());
        await bed.RefusalAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa2, "RS256"));

        Assert.Equal(2, bed.Provider.DiscoveryCount);
        Assert.Empty(cookies);
    }
}
