using System.Net;
using System.Reflection;
using System.Text.Json;
using ClawPdp.Server.Direct;
using ClawPdp.Server.Tests.Direct;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Server.Tests.Attacks;

/// <summary>Every message of the table, at both parsers and at the methods of a sidecar.</summary>
public sealed class AttackProtobufTests : IClassFixture<RunningSidecar>
{
    private static readonly string[] Methods =
    [
        "DecisionService/Authorize", "DecisionService/AuthorizeBatch", "DecisionService/ListAllowed", "TokenService/IssueCst", "TokenService/RevokeCst",
        "ReceiptService/SignReceipt", "RunService/AppendEvent", "PolicyService/PutPolicy",
    ];

    private readonly RunningSidecar _sidecar;

    public AttackProtobufTests(RunningSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public void TryRead_EachRow_AgreesWithTheGeneralParser()
    {
        foreach (var (row, message) in Rows())
        {
            var isMessage = TryParse(message, out var request);
            var isRead = AuthorizeReader.TryRead(message, memo: null, out var asked, out _);

            Assert.True(row.GetProperty("outcome").GetString() switch { "malformed" => !isMessage, "readable" => isMessage, _ => true }, $"{row.GetProperty("name")}");
            Assert.True(!isRead || isMessage, $"{row.GetProperty("name")}");
            if (isRead)
            {
                Assert.Equal(request?.Tool, asked.Question.Tool);
            }
        }
    }

    [Fact]
    public async Task Call_EachRow_IsAnsweredWithAStatusAndNeverAnAllow()
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpClient(handler) { BaseAddress = new Uri(_sidecar.GrpcAddress), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var token = await _sidecar.TokenOfAsync("alice");
        foreach (var (row, message) in Rows())
        {
            foreach (var method in Methods)
            {
                var (status, answer) = await CallAsync(client, method, message);

                Assert.False(string.IsNullOrEmpty(status), $"{row.GetProperty("name")}, {method}: no status");
                Assert.False(status == "0" && row.GetProperty("outcome").GetString() == "malformed" && method == Methods[0], $"{row.GetProperty("name")}, {method}");
                Assert.True(method != Methods[0] || answer.Length == 0 || AuthorizeResponse.Parser.ParseFrom(answer).Effect == Effect.Deny, $"{row.GetProperty("name")}");
            }
        }

        var good = await new DecisionService.DecisionServiceClient(_sidecar.Channel()).AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Effect.Allow, good.Effect);
    }

    private static async Task<(string Status, byte[] Answer)> CallAsync(HttpClient client, string method, byte[] message)
    {
        using var content = new ByteArrayContent(DirectCall.Frame(message));
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/clawpdp.v1." + method) { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.TE.ParseAdd("trailers");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailer) || response.Headers.TryGetValues("grpc-status", out trailer) ? trailer.First() : "";
        return (status, body.Length > 5 ? body[5..] : []);
    }

    private static IEnumerable<(JsonElement Row, byte[] Message)> Rows()
    {
        var root = typeof(AttackProtobufTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "tests", "testdata", "attacks", "protobuf.json")));
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(static row => (row.Clone(), BytesOf(row)))];
    }

    private static byte[] BytesOf(JsonElement row)
    {
        if (row.TryGetProperty("hex", out var hex))
        {
            return Convert.FromHexString(hex.GetString() ?? "");
        }

        var prefix = row.TryGetProperty("prefix", out var found) ? Convert.FromHexString(found.GetString() ?? "") : [];
        var piece = Convert.FromHexString(row.GetProperty("repeat").GetString() ?? "");
        return [.. prefix, .. Enumerable.Repeat(piece, row.GetProperty("times").GetInt32()).SelectMany(static bytes => bytes)];
    }

    private static bool TryParse(byte[] message, out AuthorizeRequest? request)
    {
        try
        {
            request = AuthorizeRequest.Parser.ParseFrom(message);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            request = null;
            return false;
        }
    }
}
