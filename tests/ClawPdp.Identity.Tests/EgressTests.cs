using System.Net;
using ClawPdp.Identity.Keys;
using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

/// <summary>Where keys are fetched from, whatever a name or a document says.</summary>
public sealed class EgressTests
{
    private const string Refused = "the name leads to no address that may be connected to";

    [Theory]
    [InlineData("8.8.8.8", true, true, true)]
    [InlineData("2606:4700::1111", true, true, true)]
    [InlineData("10.0.0.1", true, false, true)]
    [InlineData("172.16.0.1", true, false, true)]
    [InlineData("172.32.0.1", true, true, true)]
    [InlineData("192.168.255.255", true, false, true)]
    [InlineData("100.64.0.1", true, false, true)]
    [InlineData("fd12:3456::1", true, false, true)]
    [InlineData("::ffff:10.0.0.1", true, false, true)]
    [InlineData("64:ff9b::a00:1", true, false, true)]
    [InlineData("2002:a00:1::1", true, false, true)]
    [InlineData("127.0.0.1", false, false, true)]
    [InlineData("127.255.255.255", false, false, true)]
    [InlineData("::1", false, false, true)]
    [InlineData("::ffff:127.0.0.1", false, false, true)]
    [InlineData("64:ff9b::7f00:1", false, false, true)]
    [InlineData("169.254.169.254", false, false, false)]
    [InlineData("169.254.0.1", false, false, false)]
    [InlineData("::ffff:169.254.169.254", false, false, false)]
    [InlineData("::ffff:0:169.254.169.254", false, false, false)]
    [InlineData("64:ff9b::a9fe:a9fe", false, false, false)]
    [InlineData("2002:a9fe:a9fe::1", false, false, false)]
    [InlineData("100.100.100.200", false, false, false)]
    [InlineData("168.63.129.16", false, false, false)]
    [InlineData("fd00:ec2::254", false, false, false)]
    [InlineData("fe80::1", false, false, false)]
    [InlineData("febf::1", false, false, false)]
    [InlineData("0.0.0.0", false, false, false)]
    [InlineData("0.1.2.3", false, false, false)]
    [InlineData("::", false, false, false)]
    [InlineData("::ffff:0.0.0.0", false, false, false)]
    [InlineData("224.0.0.1", false, false, false)]
    [InlineData("239.255.255.255", false, false, false)]
    [InlineData("240.0.0.1", false, false, false)]
    [InlineData("255.255.255.255", false, false, false)]
    [InlineData("ff02::1", false, false, false)]
    public void Allows_Address_DependsOnItsKind(string address, bool byDefault, bool withoutPrivate, bool onThisHost)
    {
        var parsed = IPAddress.Parse(address);

        Assert.Equal(byDefault, new AddressRule(AllowLoopback: false, AllowPrivate: true).Allows(parsed));
        Assert.Equal(withoutPrivate, new AddressRule(AllowLoopback: false, AllowPrivate: false).Allows(parsed));
        Assert.Equal(onThisHost, new AddressRule(AllowLoopback: true, AllowPrivate: true).Allows(parsed));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    [InlineData("fd00:ec2::254")]
    public async Task Validate_IssuerWhoseNameLeadsInside_IsUnavailableAndNothingConnects(string address)
    {
        var resolved = 0;
        await using var bed = await TestBed.StartAsync(
            static _ => TestBed.Document("https://idp.example.com"),
            resolve: host =>
            {
                resolved += host == "idp.example.com" ? 1 : 0;
                return [IPAddress.Parse(address)];
            });
        var claims = bed.Claims().With("iss", "\"https://idp.example.com\"");

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(claims));

        Assert.Equal(Refused, bed.Source.Health.LastFailureReason);
        Assert.Equal(1, resolved);
        Assert.Equal(0, bed.Provider.DiscoveryCount);
    }

    [Fact]
    public async Task Validate_NameWithSeveralAddresses_IsReachedByTheAllowedOnes()
    {
        await using var bed = await TestBed.StartAsync(
            static issuer => TestBed.Document(issuer.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)),
            resolve: static _ => [IPAddress.Parse("169.254.169.254"), IPAddress.Parse("fe80::1"), IPAddress.Loopback]);
        var issuer = bed.Provider.Issuer.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        bed.Provider.Discovery = StubIdentityProvider.Text(bed.Provider.DiscoveryObject().With("issuer", $"\"{issuer}\"").ToString());

        await bed.AcceptAsync(bed.Claims().With("iss", $"\"{issuer}\""));
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://2852039166/keys")]
    [InlineData("https://0xA9FEA9FE/keys")]
    [InlineData("https://0251.0376.0251.0376/keys")]
    [InlineData("https://[::ffff:169.254.169.254]/keys")]
    [InlineData("https://[fe80::1]/keys")]
    public async Task Validate_KeysAtAMetadataAddress_AreNotAskedFor(string place)
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Discovery = StubIdentityProvider.Text(bed.Provider.DiscoveryObject().With("jwks_uri", $"\"{place}\"").ToString());

        Assert.Equal(IdentityFailure.IdpUnavailable, await bed.RefusalAsync(bed.Claims()));

        Assert.Equal(Refused, bed.Source.Health.LastFailureReason);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("[::1]", true)]
    [InlineData("localhost", true)]
    [InlineData("keys.example.com", false)]
    public async Task Validate_KeysOnAnotherHost_NeedToBeListedWhereThereIsAList(string? listed, bool accepted)
    {
        await using var bed = await TestBed.StartAsync(
            issuer => new() { Issuer = issuer, ClientIds = ["client-1"], KeyHosts = listed is null ? null : [listed] },
            resolve: static _ => [IPAddress.Loopback]);
        var host = listed is "[::1]" ? "[::1]" : "localhost";
        var url = bed.Provider.Origin.Replace("127.0.0.1", host, StringComparison.Ordinal) + "/keys";
        bed.Provider.Discovery = StubIdentityProvider.Text(bed.Provider.DiscoveryObject().With("jwks_uri", $"\"{url}\"").ToString());

        var result = await bed.ValidateAsync(TestBed.Sign(bed.Claims()));

        Assert.Equal(accepted, result is VerifiedIdentity);
        Assert.True(accepted || bed.Source.Health.LastFailureReason == "discovery: the keys are on a host that is not on the issuer's list");
    }

    [Fact]
    public async Task Validate_KeysOnTheIssuersOwnHost_NeedNoListing()
    {
        await using var bed = await TestBed.StartAsync(static issuer => new() { Issuer = issuer, ClientIds = ["client-1"], KeyHosts = [] });

        await bed.AcceptAsync(bed.Claims());
    }

    [Theory]
    [InlineData("https://a")]
    [InlineData("a:443")]
    [InlineData("A.example.com")]
    [InlineData("*.example.com")]
    [InlineData("127.1")]
    [InlineData("")]
    [InlineData(null)]
    public void Create_KeyHostThatIsNone_IsAFault(string? host)
    {
        var created = IssuerSettings.Create(new IssuerDocument { Issuer = "https://idp.example.com", ClientIds = ["a"], KeyHosts = [host] });

        Assert.Equal("/key_hosts/0", Assert.Single(created.Faults).Pointer);
    }
}
