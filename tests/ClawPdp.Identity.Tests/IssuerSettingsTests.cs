namespace ClawPdp.Identity.Tests;

public sealed class IssuerSettingsTests
{
    private const string Url = "https://idp.example.com";

    [Fact]
    public void Create_OnlyWhatIsRequired_TakesDefaults()
    {
        var settings = IssuerSettings.Create(new IssuerDocument { Issuer = Url, ClientIds = ["a"] }).Value;

        Assert.Equal(Url, settings.Issuer);
        Assert.Equal(["a"], settings.ClientIds);
        Assert.Equal("groups", settings.GroupsClaim);
        Assert.Equal(100, settings.GroupsMax);
        Assert.Equal(["RS256", "PS256", "ES256"], settings.Algorithms);
        Assert.Equal(TimeSpan.FromSeconds(60), settings.ClockSkew);
        Assert.Equal(TimeSpan.FromHours(24), settings.TokenAgeMax);
        Assert.Equal(TimeSpan.FromHours(24), settings.LastGoodKeysMax);
        Assert.Equal(TimeSpan.FromMinutes(15), settings.KeyRefreshInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.KeyRefreshMinInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.FetchTimeout);
        Assert.Equal(512 * 1024, settings.ResponseSizeMaxBytes);
    }

    [Theory]
    [InlineData("https://idp.example.com/")]
    [InlineData("https://idp.example.com:8443/tenant/v2.0")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://127.9.9.9/x")]
    [InlineData("http://localhost:5000/")]
    [InlineData("http://[::1]:5000")]
    public void Create_GoodIssuer_IsKeptAsWritten(string issuer) =>
        Assert.Equal(issuer, IssuerSettings.Create(new IssuerDocument { Issuer = issuer, ClientIds = ["a"] }).Value.Issuer);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("idp.example.com")]
    [InlineData("/tenant")]
    [InlineData("https://")]
    [InlineData("https:/idp.example.com")]
    [InlineData("https:\\\\idp.example.com")]
    [InlineData("HTTPS://idp.example.com")]
    [InlineData(" https://idp.example.com")]
    [InlineData("https://idp.example.com ")]
    [InlineData("https://idp.example.com\n")]
    [InlineData("https://idp.\u00e9xample.com")]
    [InlineData("https://user:pw@idp.example.com")]
    [InlineData("https://idp.example.com?")]
    [InlineData("https://idp.example.com/?a=b")]
    [InlineData("https://idp.example.com/#")]
    [InlineData("https://idp.example.com:99999")]
    [InlineData("http://idp.example.com")]
    [InlineData("http://10.0.0.1")]
    [InlineData("http://128.0.0.1")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://[::2]")]
    [InlineData("ftp://localhost")]
    [InlineData("file:///etc/passwd")]
    public void Create_BadIssuer_IsAFault(string? issuer) =>
        Assert.Equal(["/issuer"], Pointers(new IssuerDocument { Issuer = issuer, ClientIds = ["a"] }));

    [Fact]
    public void Create_IssuerLength_IsLimitedTo1024()
    {
        Assert.Empty(Pointers(new IssuerDocument { Issuer = Url + "/" + new string('a', 1024 - Url.Length - 1), ClientIds = ["a"] }));
        Assert.Equal(["/issuer"], Pointers(new IssuerDocument { Issuer = Url + "/" + new string('a', 1024 - Url.Length), ClientIds = ["a"] }));
    }

    [Fact]
    public void Create_ClientIds_AreNeededNamedAndDistinct()
    {
        Assert.Equal(["/client_ids"], Pointers(new IssuerDocument { Issuer = Url }));
        Assert.Equal(["/client_ids"], Pointers(new IssuerDocument { Issuer = Url, ClientIds = [] }));
        Assert.Equal(
            ["/client_ids/1", "/client_ids/2", "/client_ids/3", "/client_ids/4", "/client_ids/5"],
            Pointers(new IssuerDocument { Issuer = Url, ClientIds = ["a", "", " b", "a", null, "c\u0001"] }));
        Assert.Empty(Pointers(new IssuerDocument { Issuer = Url, ClientIds = ["a", "A", new string('x', 255)] }));
        Assert.Equal(["/client_ids/0"], Pointers(new IssuerDocument { Issuer = Url, ClientIds = [new string('x', 256)] }));
        Assert.Equal(["/client_ids"], Pointers(new IssuerDocument { Issuer = Url, ClientIds = [.. Enumerable.Range(0, 33).Select(i => $"c{i}")] }));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("EdDSA")]
    [InlineData("rs256")]
    [InlineData("ES256K")]
    [InlineData("RSA-OAEP")]
    [InlineData("")]
    [InlineData(null)]
    public void Create_AlgorithmThatIsNotAllowed_IsAFault(string? algorithm) => Assert.Equal(
        ["/algorithms/1"],
        Pointers(new IssuerDocument { Issuer = Url, ClientIds = ["a"], Algorithms = ["RS256", algorithm] }));

    [Fact]
    public void Create_Algorithms_MayBeAnyAsymmetricOnesOnce()
    {
        string[] all = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

        Assert.True(IssuerSettings.Create(new IssuerDocument { Issuer = Url, ClientIds = ["a"], Algorithms = all }).Value.Algorithms.SequenceEqual(all, StringComparer.Ordinal));
        Assert.Equal(["/algorithms"], Pointers(new IssuerDocument { Issuer = Url, ClientIds = ["a"], Algorithms = [] }));
        Assert.Equal(["/algorithms/1"], Pointers(new IssuerDocument { Issuer = Url, ClientIds = ["a"], Algorithms = ["RS256", "RS256"] }));
    }

    [Theory]
    [InlineData("groups", true)]
    [InlineData("https://idp.example.com/claims/groups", true)]
    [InlineData("roles", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("sub", false)]
    [InlineData("aud", false)]
    [InlineData("_claim_names", false)]
    public void Create_GroupsClaim_MustBeANameOfItsOwn(string name, bool accepted)
    {
        var result = IssuerSettings.Create(new IssuerDocument { Issuer = Url, ClientIds = ["a"], GroupsClaim = name });

        Assert.Equal(accepted, result.IsValid);
        Assert.Equal(accepted ? Array.Empty<string>() : ["/groups_claim"], result.IsValid ? [] : result.Faults.Select(fault => fault.Pointer).ToArray());
    }

    [Theory]
    [InlineData("/groups_max", 2, 10_000)]
    [InlineData("/clock_skew_seconds", 0, 300)]
    [InlineData("/token_age_max_seconds", 60, 604_800)]
    [InlineData("/last_good_keys_max_seconds", 60, 604_800)]
    [InlineData("/key_refresh_interval_seconds", 60, 86_400)]
    [InlineData("/key_refresh_min_interval_seconds", 1, 3_600)]
    [InlineData("/fetch_timeout_seconds", 1, 60)]
    [InlineData("/response_size_max_bytes", 1_024, 4_194_304)]
    public void Create_Number_HasItsRange(string member, int min, int max)
    {
        Assert.Empty(Pointers(With(member, min)));
        Assert.Empty(Pointers(With(member, max)));
        Assert.Equal([member], Pointers(With(member, min - 1)));
        Assert.Equal([member], Pointers(With(member, max + 1)));
        Assert.Equal([member], Pointers(With(member, int.MinValue)).Distinct(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public void Create_IntervalsOutOfOrder_AreFaults()
    {
        var slowSchedule = new IssuerDocument { Issuer = Url, ClientIds = ["a"], KeyRefreshIntervalSeconds = 601, LastGoodKeysMaxSeconds = 600 };
        var slowDemand = new IssuerDocument { Issuer = Url, ClientIds = ["a"], KeyRefreshIntervalSeconds = 60, KeyRefreshMinIntervalSeconds = 61 };

        Assert.Equal(["/key_refresh_interval_seconds"], Pointers(slowSchedule));
        Assert.Equal(["/key_refresh_min_interval_seconds"], Pointers(slowDemand));
    }

    [Fact]
    public void Create_SeveralFaults_AreAllToldInDocumentOrder() => Assert.Equal(
        ["/issuer", "/client_ids", "/groups_claim", "/groups_max", "/algorithms/0"],
        Pointers(new IssuerDocument { Issuer = "x", GroupsClaim = "", GroupsMax = 0, Algorithms = ["none"] }));

    [Fact]
    public void CreateAll_PrefixesPointersAndRefusesTwins()
    {
        var good = new IssuerDocument { Issuer = Url, ClientIds = ["a"] };
        var twin = new IssuerDocument { Issuer = Url, ClientIds = ["b"] };
        var bad = new IssuerDocument { Issuer = "x", ClientIds = ["a"] };
        var slashed = new IssuerDocument { Issuer = Url + "/", ClientIds = ["a"] };

        Assert.Equal(2, IssuerSettings.CreateAll([good, slashed]).Value.Count);
        Assert.Equal(["/1/issuer", "/2/issuer"], IssuerSettings.CreateAll([good, bad, twin]).Faults.Select(fault => fault.Pointer).ToArray());
        Assert.Equal([""], IssuerSettings.CreateAll([]).Faults.Select(fault => fault.Pointer).ToArray());
    }

    // The members that must stay in order with the one under test are set to their own ends.
    private static IssuerDocument With(string member, int value)
    {
        return new IssuerDocument
        {
            Issuer = Url,
            ClientIds = ["a"],
            GroupsMax = Pick("/groups_max") ?? 100,
            ClockSkewSeconds = Pick("/clock_skew_seconds"),
            TokenAgeMaxSeconds = Pick("/token_age_max_seconds"),
            LastGoodKeysMaxSeconds = Pick("/last_good_keys_max_seconds") ?? 604_800,
            KeyRefreshIntervalSeconds = Pick("/key_refresh_interval_seconds")
                ?? (string.Equals(member, "/last_good_keys_max_seconds", StringComparison.Ordinal) ? 60 : 3_600),
            KeyRefreshMinIntervalSeconds = Pick("/key_refresh_min_interval_seconds") ?? 1,
            FetchTimeoutSeconds = Pick("/fetch_timeout_seconds"),
            ResponseSizeMaxBytes = Pick("/response_size_max_bytes"),
        };

        int? Pick(string name) => string.Equals(member, name, StringComparison.Ordinal) ? value : null;
    }

    private static string[] Pointers(IssuerDocument document) =>
        IssuerSettings.Create(document) is { IsValid: false } result ? [.. result.Faults.Select(fault => fault.Pointer)] : [];
}
