using System.Net;
using System.Text;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.Web;

/// <summary>The unary calls of the Connect protocol.</summary>
[Trait("Door", "published")]
[Collection(PlainDoors.Name)]
public sealed class ConnectDoorTests : IDisposable
{
    private const string Json = "application/json";
    private const string Authorize = "/clawpdp.v1.DecisionService/Authorize";

    private readonly RunningSidecar _sidecar;
    private readonly HttpCaller _caller;

    public ConnectDoorTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _caller = new HttpCaller(sidecar);
    }

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("github", "EFFECT_ALLOW", "REASON_CODE_ALLOWED")]
    [InlineData("splunk", "EFFECT_DENY", "REASON_CODE_TOOL_NOT_ALLOWED")]
    public async Task Authorize_AQuestion_IsAnsweredAsByGrpc(string tool, string effect, string reason)
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var answer = await _caller.PostAsync(Authorize, $$"""{"cst":"{{token}}","tool":"{{tool}}","requestId":"r-1"}""", Json, ("Connect-Protocol-Version", "1"));

        Assert.Equal((HttpStatusCode.OK, effect, reason, "r-1"), (answer.Status, answer.Text("effect"), answer.Text("reasonCode"), answer.Text("requestId")));
        Assert.StartsWith("dec_", answer.Text("decisionId"), StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers["cache-control"]);
        Assert.DoesNotContain(answer.Headers.Keys, static name => name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Calls_OfAWholeRun_AreAnswered()
    {
        var issued = await _caller.PostAsync(
            "/clawpdp.v1.TokenService/IssueCst",
            $$"""{"idToken":"{{await _sidecar.Client.SignInAsync("alice")}}","agentDid":"{{_sidecar.Client.AgentDid}}","audiences":["clawpdp"],"requestedTtl":"600s"}""",
            Json);
        var token = issued.Text("issued", "cst");
        var started = await _caller.PostAsync("/clawpdp.v1.RunService/StartRun", $$"""{"cst":"{{token}}"}""", Json);
        var run = started.Text("run", "runId");
        var signed = await _caller.PostAsync(
            "/clawpdp.v1.ReceiptService/SignReceipt",
            $$$"""{"cst":"{{{token}}}","runId":"{{{run}}}","nonce":"n1","toolCall":{"toolName":"github","argsHashB64u":"{{{Hash}}}","resultHashB64u":"{{{Hash}}}","resultStatus":"RESULT_STATUS_SUCCESS"}}""",
            Json);
        var verified = await _caller.PostAsync("/clawpdp.v1.ReceiptService/VerifyReceipt", $$"""{"envelopeJson":"{{signed.Text("receipt", "envelopeJson")}}"}""", Json);
        var finished = await _caller.PostAsync("/clawpdp.v1.RunService/FinishRun", $$"""{"cst":"{{token}}","runId":"{{run}}"}""", Json);

        Assert.NotNull(token);
        Assert.True(verified.Find("valid")?.IsTrue, Encoding.UTF8.GetString(Core.Json.JsonWriter.WriteCanonical(signed.Body)));
        Assert.Equal((HttpStatusCode.OK, run), (finished.Status, finished.Text("run", "runId")));
    }

    [Theory]
    [InlineData("""{"toool":"github"}""", "/toool: ")]
    [InlineData("""{"tool":"github","tool":"splunk"}""", "/tool: ")]
    [InlineData("""{"tool":"github" """, "body: ")]
    [InlineData("""{"tool":7}""", "/tool: ")]
    [InlineData("""{}""", "")]
    [InlineData("""{"tool":"a","eventHashB64u":"short"}""", "event_hash_b64u: ")]
    public async Task Authorize_NoQuestion_Is400AndNamesTheField(string body, string message)
    {
        var answer = await _caller.PostAsync(Authorize, body, Json);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_argument"), (answer.Status, answer.Text("code")));
        Assert.StartsWith(message, answer.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/clawpdp.v1.PolicyService/GetActivePolicy")]
    [InlineData("/clawpdp.v1.PolicyService/ActivatePolicy")]
    [InlineData("/clawpdp.v1.AuditService/CreateAgentKey")]
    [InlineData("/clawpdp.v1.TokenService/RevokeCst")]
    [InlineData("/clawpdp.v1.TokenService/ListRevocations")]
    [InlineData("/clawpdp.v1.DecisionService/AuthorizeStream")]
    [InlineData("/clawpdp.v1.DecisionService/WatchEpoch")]
    [InlineData("/clawpdp.v1.DecisionService/authorize")]
    [InlineData("/clawpdp.v1.DecisionService/Authorize/")]
    public async Task Post_AMethodOfNoAgent_IsUnimplemented(string path)
    {
        var answer = await _caller.PostAsync(path, "{}", Json);

        Assert.Equal((HttpStatusCode.NotImplemented, "unimplemented"), (answer.Status, answer.Text("code")));
    }

    [Theory]
    [InlineData("Connect-Protocol-Version", "2", HttpStatusCode.BadRequest, "connect-protocol-version: ")]
    [InlineData("Connect-Timeout-Ms", "soon", HttpStatusCode.BadRequest, "connect-timeout-ms: ")]
    [InlineData("Connect-Timeout-Ms", "-1", HttpStatusCode.BadRequest, "connect-timeout-ms: ")]
    [InlineData("Connect-Timeout-Ms", "12345678901", HttpStatusCode.BadRequest, "connect-timeout-ms: ")]
    [InlineData("Content-Encoding", "gzip", HttpStatusCode.NotImplemented, "content-encoding: ")]
    public async Task Post_AHeaderThatCannotBeMeant_IsRefused(string header, string value, HttpStatusCode status, string message)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", Json);
        content.Headers.TryAddWithoutValidation(header, value);

        using var response = await http.PostAsync(new Uri(_sidecar.HttpAddress + Authorize), content, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains($"\"message\":\"{message}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("60000")]
    [InlineData("9999999999")]
    public async Task Post_ATimeout_IsTaken(string milliseconds)
    {
        var answer = await _caller.PostAsync(Authorize, """{"tool":"github"}""", Json, ("Connect-Timeout-Ms", milliseconds), ("grpc-timeout", "nonsense"), ("grpc-encoding", "gzip"));

        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.GatewayTimeout, answer.Status.ToString());
    }

    [Fact]
    public async Task Post_ALongBody_IsRefused()
    {
        var answer = await _caller.PostAsync(Authorize, new string(' ', (4 * 1024 * 1024) + 1), Json);

        Assert.Equal((HttpStatusCode.TooManyRequests, "resource_exhausted"), (answer.Status, answer.Text("code")));
        Assert.StartsWith("body: longer than", answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Protobuf_IsAnsweredWithProtobuf()
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(Google.Protobuf.MessageExtensions.ToByteArray(new AuthorizeRequest { Cst = await _sidecar.TokenOfAsync("alice"), Tool = "github" }));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/proto");
        using var malformed = new ByteArrayContent([0xFF, 0xFF]);
        malformed.Headers.TryAddWithoutValidation("Content-Type", "application/proto");

        using var response = await http.PostAsync(new Uri(_sidecar.HttpAddress + Authorize), content, TestContext.Current.CancellationToken);
        using var refused = await http.PostAsync(new Uri(_sidecar.HttpAddress + Authorize), malformed, TestContext.Current.CancellationToken);

        Assert.Equal("application/proto", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(Effect.Allow, AuthorizeResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Effect);
        Assert.Equal((HttpStatusCode.BadRequest, Json), (refused.StatusCode, refused.Content.Headers.ContentType?.ToString()));
    }

    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
}
