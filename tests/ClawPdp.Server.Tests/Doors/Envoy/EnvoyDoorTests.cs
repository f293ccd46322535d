using ClawPdp.Protocols.Envoy;
using Google.Protobuf;
using Grpc.Net.Client;

namespace ClawPdp.Server.Tests.Doors.Envoy;

/// <summary>Envoy's door through a real socket.</summary>
[Trait("Door", "published")]
public sealed class EnvoyDoorTests : IClassFixture<RunningSidecar>, IDisposable
{
    private readonly RunningSidecar _sidecar;
    private readonly GrpcChannel _channel;

    public EnvoyDoorTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _channel = sidecar.Channel();
    }

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task Check_Allowed_InjectsTheDecisionAndTakesTheTokenAway()
    {
        var response = await CheckAsync(Of("api.github.com", ("x-cst", await _sidecar.TokenOfAsync("alice")), ("x-claw-tool", "github")));

        Assert.Equal((0, CheckResponse.HttpResponseOneofCase.OkResponse), (response.Status.Code, response.HttpResponseCase));
        var header = Assert.Single(response.OkResponse.Headers);
        Assert.Equal(("x-claw-decision-id", HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd), (header.Header.Key, header.AppendAction));
        Assert.StartsWith("dec_", header.Header.Value, StringComparison.Ordinal);
        Assert.Equal(["x-cst"], response.OkResponse.HeadersToRemove);
    }

    [Theory]
    [InlineData("splunk", "api.github.com", 7, 403, "TOOL_NOT_ALLOWED")]
    [InlineData("github", "evil.example", 7, 403, "EGRESS_NOT_ALLOWED")]
    [InlineData("github", "127.1", 7, 403, "HOST_INVALID")]
    [InlineData("github", "", 7, 400, "REQUEST_INVALID")]
    public async Task Check_Denied_IsAPlainDenial(string tool, string host, int code, int status, string reason) =>
        AssertDenied(await CheckAsync(Of(host, ("authorization", "Bearer " + await _sidecar.TokenOfAsync("alice")), ("x-claw-tool", tool))), code, status, reason);

    [Fact]
    public async Task Check_TokenMissingOrBad_IsUnauthenticatedWithAChallenge()
    {
        var missing = await CheckAsync(Of("api.github.com"));

        AssertDenied(missing, 16, 401, "TOKEN_REQUIRED");
        AssertDenied(await CheckAsync(Of("api.github.com", ("x-cst", "x"))), 16, 401, "TOKEN_MALFORMED");
        Assert.Contains(missing.DeniedResponse.Headers, static header => header.Header is { Key: "www-authenticate", Value: "Bearer realm=\"clawpdp\"" });
    }

    [Fact]
    public async Task Check_EmptyRequest_IsADenial()
    {
        AssertDenied(await CheckAsync(new CheckRequest()), 7, 400, "REQUEST_INVALID");
        AssertDenied(await CheckAsync(new CheckRequest { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request() } }), 7, 400, "REQUEST_INVALID");
    }

    [Fact]
    public async Task Check_RawHeaders_AreReadWithTheirDuplicates()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var once = Raw("api.github.com", ("x-cst", Utf8(token)), ("x-claw-tool", Utf8("github")), ("x-other", [0xff]));
        var twice = Raw("api.github.com", ("x-cst", Utf8(token)), ("x-claw-tool", Utf8("github")), ("x-claw-tool", Utf8("github")));
        var broken = Raw("api.github.com", ("x-cst", Utf8(token)), ("x-claw-tool", [0xff]));

        Assert.Equal(0, (await CheckAsync(once)).Status.Code);
        AssertDenied(await CheckAsync(twice), 7, 400, "REQUEST_INVALID");
        AssertDenied(await CheckAsync(broken), 7, 400, "REQUEST_INVALID");
    }

    [Fact]
    public async Task Check_AuthorityOfTheHeaders_StandsForTheHost()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        Assert.Equal(0, (await CheckAsync(Raw("", (":authority", Utf8("api.github.com")), ("x-cst", Utf8(token))))).Status.Code);
        AssertDenied(await CheckAsync(Raw("evil.example", (":authority", Utf8("api.github.com")), ("x-cst", Utf8(token)))), 7, 403, "HOST_INVALID");
    }

    [Theory]
    [InlineData("tool", "github", 0, 0, "")]
    [InlineData("tool", "splunk", 7, 403, "TOOL_NOT_ALLOWED")]
    [InlineData("host", "api.github.com", 0, 0, "")]
    [InlineData("host", "evil.example", 7, 403, "EGRESS_NOT_ALLOWED")]
    [InlineData("host_from", "none", 7, 400, "REQUEST_INVALID")]
    [InlineData("host_from", "nowhere", 7, 400, "REQUEST_INVALID")]
    [InlineData("token_from", "authorization", 7, 400, "REQUEST_INVALID")]
    [InlineData("token_from", "x-cst", 0, 0, "")]
    [InlineData("tol", "github", 7, 400, "REQUEST_INVALID")]
    [InlineData("tool", "", 7, 400, "REQUEST_INVALID")]
    [InlineData("run_id", "r", 7, 400, "REQUEST_INVALID")]
    public async Task Check_ContextExtension_IsTheOperatorsWord(string key, string value, int code, int status, string reason)
    {
        var request = Of("api.github.com", ("x-cst", await _sidecar.TokenOfAsync("alice")));
        request.Attributes.ContextExtensions[key] = value;

        var response = await CheckAsync(request);

        Assert.Equal(code, response.Status.Code);
        if (code != 0)
        {
            AssertDenied(response, code, status, reason);
        }
    }

    [Fact]
    public async Task Check_CallerAgainstTheOperator_IsDenied()
    {
        var request = Of("api.github.com", ("x-cst", await _sidecar.TokenOfAsync("alice")), ("x-claw-tool", "github"));
        request.Attributes.ContextExtensions["tool"] = "argo-cd";

        AssertDenied(await CheckAsync(request), 7, 400, "REQUEST_INVALID");
    }

    [Fact]
    public async Task Check_AudienceOfTheCaller_CanOnlyRepeatTheOperators()
    {
        var request = Of("api.github.com", ("x-cst", await _sidecar.TokenOfAsync("alice")), ("x-claw-audience", "clawpdp"));
        AssertDenied(await CheckAsync(request), 7, 400, "REQUEST_INVALID");

        request.Attributes.ContextExtensions["audience"] = "clawpdp";
        Assert.Equal(0, (await CheckAsync(request)).Status.Code);
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static CheckRequest Of(string host, params (string Name, string Value)[] headers)
    {
        var http = new AttributeContext.Types.HttpRequest { Method = "GET", Host = host, Path = "/", Size = -1 };
        foreach (var (name, value) in headers)
        {
            http.Headers.Add(name, value);
        }

        return Of(http);
    }

    private static CheckRequest Raw(string host, params (string Name, byte[] Value)[] headers)
    {
        var http = new AttributeContext.Types.HttpRequest { Method = "POST", Host = host, Path = "/", Size = -1, HeaderMap = new HeaderMap() };
        http.HeaderMap.Headers.AddRange(headers.Select(static header => new HeaderValue { Key = header.Name, RawValue = ByteString.CopyFrom(header.Value) }));
        return Of(http);
    }

    private static CheckRequest Of(AttributeContext.Types.HttpRequest http) =>
        new() { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } } };

    private static void AssertDenied(CheckResponse response, int code, int status, string reason)
    {
        Assert.Equal(CheckResponse.HttpResponseOneofCase.DeniedResponse, response.HttpResponseCase);
        Assert.Equal((code, status), (response.Status.Code, (int)response.DeniedResponse.Status.Code));
        Assert.Contains(response.DeniedResponse.Headers, header => header.Header.Key == "x-claw-reason" && header.Header.Value == reason);
        Assert.All(response.DeniedResponse.Headers, static header => Assert.Equal(HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd, header.AppendAction));
        Assert.Contains(reason, response.DeniedResponse.Body, StringComparison.Ordinal);
    }

    private async Task<CheckResponse> CheckAsync(CheckRequest request) => await new Authorization.AuthorizationClient(_channel).CheckAsync(request);
}
