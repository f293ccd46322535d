using System.Collections.Immutable;
using ClawPdp.Server.Doors.Http;
using CsCheck;

namespace ClawPdp.Server.Tests.Doors.Http;

public sealed class HttpQuestionTests
{
    private static readonly string[] Singles = [.. HttpFields.Single.Select(static field => field.Header), HttpFields.HostHeader, HttpFields.TokenHeader];

    [Fact]
    public void Read_EveryHeader_FillsEveryField()
    {
        var reading = Read(
            new HttpRules { Host = HostSource.Header, Statements = Stated("audience", "aud") },
            ("authorization", "Bearer c"), ("x-claw-tool", "github"), ("x-claw-model", "gpt-4o"), ("x-claw-host", "api.github.com"), ("x-claw-provider", "openai"),
            ("x-claw-policy-hash", "p"), ("x-claw-run-id", "run"), ("x-claw-event-hash", "e"), ("x-claw-args-hash", "a"), ("x-claw-audience", "aud"),
            ("x-claw-request-id", "req"), ("x-claw-approval", "YQ,Yg"), ("x-claw-approval", "Yw"), ("accept", "a,b"), ("accept", "c"));

        var request = reading.Request;
        Assert.Null(reading.Fault);
        Assert.Equal(("c", "github", "gpt-4o", "api.github.com", "openai"), (request.Cst, request.Tool, request.Model, request.Host, request.Provider));
        Assert.Equal(("p", "run", "e", "a", "aud", "req"), (request.PolicyHash, request.RunId, request.EventHashB64U, request.ArgsHashB64U, request.Audience, request.RequestId));
        Assert.Equal(["a", "b", "c"], request.Approvals.Select(static approval => approval.ToStringUtf8()));
        Assert.Equal(["authorization"], reading.TokenHeaders);
    }

    [Theory]
    [InlineData("x-claw-tol", "github", "x-claw-tol: unknown header")]
    [InlineData("x-claw-", "github", "x-claw-: unknown header")]
    [InlineData("x-claw-decision-id", "dec_1", "x-claw-decision-id: unknown header")]
    [InlineData("x-claw-tool", "github,splunk", "x-claw-tool: one value is expected")]
    [InlineData("x-claw-approval", "a+b", "x-claw-approval: not base64url")]
    [InlineData("x-claw-approval", "", "x-claw-approval: not base64url")]
    public void Read_HeaderThatIsNotUnderstood_IsNamed(string name, string value, string fault) =>
        Assert.Equal(fault, Read(new HttpRules(), ("x-cst", "c"), (name, value)).Fault?.ToString());

    [Fact]
    public void Read_SingleHeaderTwice_IsRefusedEvenIfEqual()
    {
        foreach (var header in Singles)
        {
            Assert.Equal($"{header}: one value is expected", Read(new HttpRules { Host = HostSource.Header }, (header, "v"), (header, "v")).Fault?.ToString());
        }

        Assert.Equal("authorization: stands more than once", Read(new HttpRules(), ("authorization", "Bearer c"), ("authorization", "Bearer c")).Fault?.ToString());
    }

    [Theory]
    [InlineData("Bearer c", "", "c", "authorization", null)]
    [InlineData("bearer  c ", "", "c", "authorization", null)]
    [InlineData("", "c", "c", "x-cst", null)]
    [InlineData("Bearer c", "c", "c", "x-cst authorization", null)]
    [InlineData("Basic YTpi", "c", "c", "x-cst", null)]
    [InlineData("Basic YTpi", "", "", "", null)]
    [InlineData("Bearer", "", "", "", null)]
    [InlineData("Bearerc", "", "", "", null)]
    [InlineData("", "", "", "", null)]
    [InlineData("Bearer c", "d", "d", "x-cst authorization", "x-cst: says otherwise than authorization")]
    public void Read_TokenFromEitherHeader_MustBeOne(string authorization, string own, string token, string headers, string? fault) =>
        AssertToken(TokenSource.Any, authorization, own, token, headers, fault);

    [Theory]
    [InlineData("Bearer upstreams-own", "c", "c", "x-cst", null)]
    [InlineData("Bearer c", "", "", "", null)]
    public void Read_TokenFromOwnHeaderAlone_LeavesAuthorizationToTheUpstream(string authorization, string own, string token, string headers, string? fault) =>
        AssertToken(TokenSource.OwnHeader, authorization, own, token, headers, fault);

    [Theory]
    [InlineData("Bearer c", "", "c", "authorization", null)]
    [InlineData("Bearer c", "c", "c", "x-cst authorization", "x-cst: the token is expected in authorization")]
    public void Read_TokenFromAuthorizationAlone_RefusesTheOtherHeader(string authorization, string own, string token, string headers, string? fault) =>
        AssertToken(TokenSource.Authorization, authorization, own, token, headers, fault);

    [Theory]
    [InlineData("api.github.com", "", "api.github.com", null)]
    [InlineData("api.github.com:443", "api.github.com", "api.github.com:443", null)]
    [InlineData("api.github.com:443", "API.github.com.:443", "api.github.com:443", null)]
    [InlineData("[2001:db8::1]:8443", "[2001:DB8:0::1]", "[2001:db8::1]:8443", null)]
    [InlineData("evil.example", "api.github.com", "evil.example", "x-claw-host: says otherwise than the proxy")]
    [InlineData("api.github.com", "api.github.com:443", "api.github.com", "x-claw-host: says otherwise than the proxy")]
    [InlineData("api.github.com:8443", "api.github.com:443", "api.github.com:8443", "x-claw-host: says otherwise than the proxy")]
    [InlineData("user@api.github.com", "api.github.com", "user@api.github.com", "x-claw-host: says otherwise than the proxy")]
    [InlineData("", "api.github.com", "", "destination: the proxy names no host")]
    [InlineData("", "", "", "destination: the proxy names no host")]
    public void Read_HostFromTheProxy_IsAskedWhateverTheCallerSays(string destination, string said, string asked, string? fault) =>
        AssertHost(new HttpRules(), destination, said, asked, fault);

    [Theory]
    [InlineData("evil.example", "api.github.com", "api.github.com", null)]
    [InlineData("evil.example", "", "", null)]
    public void Read_HostFromTheHeader_IgnoresTheDestination(string destination, string said, string asked, string? fault) =>
        AssertHost(new HttpRules { Host = HostSource.Header }, destination, said, asked, fault);

    [Theory]
    [InlineData("evil.example", "", "", null)]
    [InlineData("evil.example", "api.github.com", "", "x-claw-host: no host is asked for here")]
    public void Read_NoHost_RefusesACallerThatNamesOne(string destination, string said, string asked, string? fault) =>
        AssertHost(new HttpRules { Host = HostSource.None }, destination, said, asked, fault);

    [Theory]
    [InlineData(HostSource.Destination)]
    [InlineData(HostSource.Header)]
    [InlineData(HostSource.None)]
    internal void Read_OperatorsHost_ComesBeforeAllElse(HostSource source)
    {
        var rules = new HttpRules { Host = source, Statements = Stated("host", "api.github.com") };

        AssertHost(rules, "evil.example", "", "api.github.com", null);
        AssertHost(rules, "evil.example", "API.GITHUB.COM", "api.github.com", null);
        AssertHost(rules, "", "", "api.github.com", null);
        AssertHost(rules, "evil.example", "evil.example", "api.github.com", "x-claw-host: says otherwise than the proxy");
    }

    [Fact]
    public void Read_OperatorsStatement_WinsAndIsNotContradicted()
    {
        foreach (var field in HttpFields.Single.Where(static field => field.IsOperators))
        {
            var rules = new HttpRules { Host = HostSource.None, Statements = Stated(field.Name, "operators") };

            Assert.Null(Read(rules).Fault);
            Assert.Null(Read(rules, (field.Header, "operators")).Fault);
            Assert.Equal($"{field.Header}: says otherwise than the operator", Read(rules, (field.Header, "operatorz")).Fault?.ToString());
            Assert.Equal(Read(rules).Request, Read(rules, (field.Header, "operators")).Request);
        }
    }

    // The audience chooses the policy, which is nothing for an agent to choose.
    [Fact]
    public void Read_AudienceOfTheCallerAlone_IsRefused()
    {
        var reading = Read(new HttpRules(), ("x-claw-audience", "lax"));

        Assert.Equal(("", "x-claw-audience: is stated by the operator alone"), (reading.Request.Audience, reading.Fault?.ToString()));
        Assert.Null(Read(new HttpRules(), ("x-claw-audience", "")).Fault);
    }

    [Fact]
    public void Read_MethodAndPath_AreStatedWithoutTheQuery()
    {
        var stated = HttpQuestion.Read(new HttpShape { Headers = [], Rules = new HttpRules(), Method = "POST", Target = "/repos/a?token=secret#x" }).Request.Context;
        var tooLong = HttpQuestion.Read(new HttpShape { Headers = [], Rules = new HttpRules(), Method = "POST", Target = "/" + new string('a', 512) }).Request.Context;

        Assert.Equal(("POST", "/repos/a"), (stated[HttpQuestion.MethodKey], stated[HttpQuestion.PathKey]));
        Assert.False(tooLong.ContainsKey(HttpQuestion.PathKey));
        Assert.False(HttpQuestion.Read(new HttpShape { Headers = [], Rules = new HttpRules(), Target = "/public/../admin" }).Request.Context.ContainsKey(HttpQuestion.PathKey));
    }

    // Whatever a caller sends, what the proxy and the operator say is what is asked, or nothing is.
    [Fact]
    public void Read_AnyHeaders_NeverOverruleProxyOrOperator()
    {
        var names = OneOf([.. Singles, "authorization", "x-claw-approval", "x-claw-other", "x-forwarded-host", ":authority", "host"]);
        var values = OneOf("", "github", "splunk", "api.github.com", "evil.example", "a,b", "Bearer c", "YQ", "\u00e4");
        var rules = new HttpRules { Statements = Stated("tool", "github") };

        Gen.Select(names, values).List[0, 6].Sample(headers =>
        {
            var reading = HttpQuestion.Read(new HttpShape { Headers = [.. headers.Select(static header => KeyValuePair.Create(header.Item1, header.Item2))], Rules = rules, Destination = "api.github.com" });

            Assert.Equal(("github", "api.github.com"), (reading.Request.Tool, reading.Request.Host));
            var contradicts = headers.Exists(static header => header is ("x-claw-tool", not ("" or "github")) or ("x-claw-host", not ("" or "api.github.com")) or ("x-claw-other", _));
            Assert.True(!contradicts || reading.Fault is not null);
        });
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static ImmutableDictionary<string, string> Stated(string name, string value) => ImmutableDictionary<string, string>.Empty.Add(name, value);

    private static HttpReading Read(HttpRules rules, params (string Name, string Value)[] headers) =>
        HttpQuestion.Read(new HttpShape { Headers = [.. headers.Select(static header => KeyValuePair.Create(header.Name, header.Value))], Rules = rules, Destination = rules.Host == HostSource.Destination ? "proxied.example" : "" });

    private static void AssertHost(HttpRules rules, string destination, string said, string asked, string? fault)
    {
        var reading = HttpQuestion.Read(new HttpShape { Headers = said.Length > 0 ? [KeyValuePair.Create("x-claw-host", said)] : [], Rules = rules, Destination = destination });

        Assert.Equal((asked, fault), (reading.Request.Host, reading.Fault?.ToString()));
    }

    private static void AssertToken(TokenSource source, string authorization, string own, string token, string headers, string? fault)
    {
        (string, string)[] sent = [.. new[] { ("authorization", authorization), ("x-cst", own) }.Where(static header => header.Item2.Length > 0)];
        var reading = Read(new HttpRules { Token = source }, sent);

        Assert.Equal((token, headers, fault), (reading.Request.Cst, string.Join(' ', reading.TokenHeaders), reading.Fault?.ToString()));
    }
}
