using System.Net;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.Web;

/// <summary>Whom the doors that a browser can reach let in.</summary>
public sealed class WebGuardTests : IClassFixture<WebSidecar>, IDisposable
{
    private const string Path = "/clawpdp.v1.DecisionService/Authorize";
    private const string Json = "application/json";
    private const string GrpcWeb = "application/grpc-web+proto";

    private readonly WebSidecar _sidecar;
    private readonly HttpCaller _caller;

    public WebGuardTests(WebSidecar sidecar)
    {
        _sidecar = sidecar;
        _caller = new HttpCaller(sidecar);
    }

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:80")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2:7081")]
    [InlineData("[::1]:7081")]
    [InlineData(WebSidecar.Host)]
    [InlineData("PDP.example.com:9")]
    public async Task Post_AHostThatIsMeant_IsLetIn(string host)
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Json, ("Host", host))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(GrpcWeb, ("Host", host))).Status);
    }

    [Theory]
    [InlineData("rebound.example")]
    [InlineData("localhost.example")]
    [InlineData("127.0.0.1.example")]
    [InlineData("10.0.0.5")]
    [InlineData("0.0.0.0")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("other.pdp.example.com")]
    public async Task Post_AnotherHost_IsKeptOut(string host)
    {
        var connect = await PostAsync(Json, ("Host", host));
        var web = await PostAsync(GrpcWeb, ("Host", host));

        Assert.Equal((HttpStatusCode.Forbidden, "permission_denied"), (connect.Status, connect.Text("code")));
        Assert.Contains("doors.connect.hosts", connect.Text("message"), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, "7"), (web.Status, web.Headers["grpc-status"]));
        Assert.Contains("doors.grpc_web.hosts", web.Headers["grpc-message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AnAllowedOrigin_IsLetInByItsDoorAlone()
    {
        var connect = await PostAsync(Json, ("Origin", WebSidecar.Origin), ("Sec-Fetch-Site", "cross-site"));
        var web = await PostAsync(GrpcWeb, ("Origin", WebSidecar.OtherOrigin));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (connect.Status, web.Status));
        Assert.Equal((WebSidecar.Origin, WebSidecar.OtherOrigin), (connect.Headers["access-control-allow-origin"], web.Headers["access-control-allow-origin"]));
        Assert.Equal("Origin", connect.Headers["vary"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(Json, ("Origin", WebSidecar.OtherOrigin))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(GrpcWeb, ("Origin", WebSidecar.Origin))).Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "")]
    [InlineData("Origin", "http://console.example.com")]
    [InlineData("Origin", "https://console.example.com:8443")]
    [InlineData("Origin", "https://console.example.com, https://evil.example")]
    [InlineData("Origin", "http://127.0.0.1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    public async Task Post_OfAnotherPage_IsKeptOutAndCannotBeRead(string header, string value)
    {
        var answer = await PostAsync(Json, (header, value));

        Assert.Equal((HttpStatusCode.Forbidden, "permission_denied"), (answer.Status, answer.Text("code")));
        Assert.DoesNotContain("access-control-allow-origin", answer.Headers.Keys);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(GrpcWeb, (header, value))).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=a")]
    [InlineData("application/grpc")]
    [InlineData("application/grpc-web+json")]
    [InlineData("application/json+proto")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Post_AnotherContentType_IsNoCall(string mediaType)
    {
        var answer = await _caller.PostAsync(Path, """{"tool":"github"}""", mediaType);

        Assert.True(answer.Status is HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UpgradeRequired, answer.Status.ToString());
        Assert.Null(answer.Text("effect"));
    }

    [Fact]
    public async Task Preflight_OfAnAllowedOrigin_SaysWhatMayBeSent()
    {
        foreach (var origin in (string[])[WebSidecar.Origin, WebSidecar.OtherOrigin])
        {
            var answer = await PreflightAsync(Path, ("Origin", origin), ("Access-Control-Request-Private-Network", "true"));

            Assert.Equal((HttpStatusCode.NoContent, origin, "POST"), (answer.StatusCode, Header(answer, "access-control-allow-origin"), Header(answer, "access-control-allow-methods")));
            Assert.Equal("true", Header(answer, "access-control-allow-private-network"));
            Assert.Contains("content-type", Header(answer, "access-control-allow-headers"), StringComparison.Ordinal);
            Assert.Equal("", Header(answer, "access-control-allow-credentials"));
        }
    }

    [Theory]
    [InlineData(Path, "https://evil.example")]
    [InlineData(Path, "null")]
    [InlineData("/access/v1/evaluation", WebSidecar.Origin)]
    [InlineData("/oauth2/token", WebSidecar.Origin)]
    [InlineData("/v1/jwks", WebSidecar.Origin)]
    public async Task Preflight_OfAnythingElse_IsNotGranted(string path, string origin)
    {
        var answer = await PreflightAsync(path, ("Origin", origin));

        Assert.False(answer.IsSuccessStatusCode);
        Assert.Equal("", Header(answer, "access-control-allow-origin"));
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    private async Task<HttpAnswer> PostAsync(string mediaType, params (string Name, string Value)[] headers) =>
        await _caller.PostAsync(Path, mediaType == Json ? """{"tool":"github"}""" : FrameOf(new AuthorizeRequest { Tool = "github" }), mediaType, headers);

    // Its bytes are ASCII, and so stay what they are in a text.
    private static string FrameOf(AuthorizeRequest request)
    {
        var size = request.CalculateSize();
        return "\0\0\0\0" + (char)size + System.Text.Encoding.ASCII.GetString(Google.Protobuf.MessageExtensions.ToByteArray(request));
    }

    private async Task<HttpResponseMessage> PreflightAsync(string path, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(_sidecar.HttpAddress + path));
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type,connect-protocol-version");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
