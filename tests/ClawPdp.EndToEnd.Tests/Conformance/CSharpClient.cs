using System.Globalization;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Conformance;

/// <summary>Grpc.Net.Client as a caller: the cases of the other languages' client programs.</summary>
internal sealed class CSharpClient
{
    private const string ServiceName = "clawpdp.v1.DecisionService";
    private const int CallCount = 1000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly int[] DeadlinesSeconds = [5, 300, 36000, 4000000];

    private readonly ConformanceSidecar _sidecar;
    private readonly List<CallRow> _rows = [];
    private string _token = "";

    public CSharpClient(ConformanceSidecar sidecar) => _sidecar = sidecar;

    private static DateTime Soon => DateTime.UtcNow + Limit;

    /// <summary>Asks for a token.</summary>
    public static async Task<string> IssueAsync(string address, string idToken)
    {
        using var channel = GrpcChannel.ForAddress("http://" + address);
        var request = new IssueCstRequest { IdToken = idToken, AgentDid = PublishedSidecar.AgentDid };
        request.Audiences.Add("clawpdp");
        return (await new TokenService.TokenServiceClient(channel).IssueCstAsync(request, deadline: Soon)).Issued.Cst;
    }

    /// <summary>Makes all calls and gives what they came to.</summary>
    public async Task<IReadOnlyList<CallRow>> RunAsync()
    {
        _token = await File.ReadAllTextAsync(_sidecar.TokenPath);
        using var channel = GrpcChannel.ForAddress("http://" + _sidecar.Address);
        var client = new DecisionService.DecisionServiceClient(channel);
        await AskAsync(client);
        await BoundAsync(client);
        await MisuseAsync(client, channel);
        await TellAsync("metadata", () => MetadataAsync(client));
        await TellAsync("cancelled, then asked", () => CancelledAsync(client));
        await TellAsync("thousand at once", () => ManyAsync(client));
        await TellAsync("Unix socket", AskUnixAsync);
        return _rows;
    }

    private static string Words(AuthorizeResponse answer) => $"{NameOf("effect", (int)answer.Effect)} {NameOf("reason_code", (int)answer.ReasonCode)}";

    private static string NameOf(string field, int number) => AuthorizeResponse.Descriptor.FindFieldByName(field).EnumType.FindValueByNumber(number).Name;

    private static async Task<string> WordsAsync(AsyncUnaryCall<AuthorizeResponse> call) => Words(await call);

    // What the transport itself answers with is not metadata of the call.
    private static string Names(Metadata received) =>
        $"[{string.Join(", ", received.Select(static entry => entry.Key).Where(static key => key is not ("content-type" or "date")))}]";

    private AuthorizeRequest Question(string tool = "github", string requestId = "") => new() { Cst = _token, Tool = tool, RequestId = requestId };

    private async Task TellAsync(string name, Func<Task<string>> call)
    {
        try
        {
            _rows.Add(new CallRow(name, "", "", "OK", await call(), "", ""));
        }
        catch (RpcException exception)
        {
            var status = string.Concat(exception.StatusCode.ToString().Select(static (letter, index) => index > 0 && char.IsUpper(letter) ? "_" + letter : letter.ToString())).ToUpperInvariant();
            _rows.Add(new CallRow(name, "", "", status, "", "", exception.Status.Detail));
        }
    }

    private async Task AskAsync(DecisionService.DecisionServiceClient client)
    {
        await TellAsync("allow", () => WordsAsync(client.AuthorizeAsync(Question(), deadline: Soon)));
        await TellAsync("deny", () => WordsAsync(client.AuthorizeAsync(Question("splunk"), deadline: Soon)));
        await TellAsync("no token", () => WordsAsync(client.AuthorizeAsync(new AuthorizeRequest { Tool = "github" }, deadline: Soon)));
        await TellAsync("text beyond ASCII", async () => (await client.AuthorizeAsync(Question(requestId: "größe ✓ 日本"), deadline: Soon)).RequestId);
        await TellAsync("gzip", () => WordsAsync(client.AuthorizeAsync(Question(), [new("grpc-internal-encoding-request", "gzip")], Soon)));
    }

    private async Task BoundAsync(DecisionService.DecisionServiceClient client)
    {
        await TellAsync("no deadline", () => WordsAsync(client.AuthorizeAsync(Question())));
        foreach (var seconds in DeadlinesSeconds)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"deadline in {seconds} s");
            await TellAsync(name, () => WordsAsync(client.AuthorizeAsync(Question(), deadline: DateTime.UtcNow.AddSeconds(seconds))));
        }

        await TellAsync("deadline that has passed", () => WordsAsync(client.AuthorizeAsync(Question(), deadline: DateTime.UtcNow.AddSeconds(-1))));
        await TellAsync("deadlines of a millisecond", () => HastyAsync(client));
    }

    private async Task MisuseAsync(DecisionService.DecisionServiceClient client, GrpcChannel channel)
    {
        var unknownField = new byte[] { 0xC2, 0xB8, 0x02, 0x80, 0x80, 0xC0, 0x01 };
        await TellAsync("field fault", () => WordsAsync(client.AuthorizeAsync(Question(new string('a', 257)), deadline: Soon)));
        await TellAsync("nothing asked", () => WordsAsync(client.AuthorizeAsync(new AuthorizeRequest(), deadline: Soon)));
        await TellAsync("malformed message", () => RawAsync(channel, [0x0A, 0xFF]));
        await TellAsync("message of 3 MiB", () => RawAsync(channel, [.. Question().ToByteArray(), .. unknownField, .. new byte[3 << 20]]));
        await TellAsync("message over 4 MiB", () => RawAsync(channel, new byte[(4 << 20) + 1]));
        await TellAsync("unknown method", () => RawAsync(channel, [], method: "Nothing"));
        await TellAsync("unknown service", () => RawAsync(channel, [], service: "clawpdp.v1.NoService"));
    }

    // Bytes instead of a message.
    private static Task<string> RawAsync(GrpcChannel channel, byte[] body, string service = ServiceName, string method = "Authorize")
    {
        var call = new Method<byte[], AuthorizeResponse>(
            MethodType.Unary, service, method, Marshallers.Create(static bytes => bytes, static bytes => bytes), Marshallers.Create(static answer => answer.ToByteArray(), AuthorizeResponse.Parser.ParseFrom));
        return WordsAsync(channel.CreateCallInvoker().AsyncUnaryCall(call, host: null, new CallOptions(deadline: Soon), body));
    }

    private async Task<string> MetadataAsync(DecisionService.DecisionServiceClient client)
    {
        using var call = client.AuthorizeAsync(Question(), [new("x-request", "1"), new("x-data-bin", [0, 255])], Soon);
        var leading = await call.ResponseHeadersAsync;
        return $"{Words(await call)} leading={Names(leading)} trailing={Names(call.GetTrailers())}";
    }

    // Calls that may come too late; nothing else may become of them.
    private async Task<string> HastyAsync(DecisionService.DecisionServiceClient client)
    {
        for (var count = 0; count < 100; count++)
        {
            try
            {
                await client.AuthorizeAsync(Question(), deadline: DateTime.UtcNow.AddMilliseconds(1));
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.DeadlineExceeded)
            {
                // Too late.
            }
        }

        return await WordsAsync(client.AuthorizeAsync(Question(), deadline: Soon));
    }

    private async Task<string> CancelledAsync(DecisionService.DecisionServiceClient client)
    {
        for (var count = 0; count < 20; count++)
        {
            using var cancellation = new CancellationTokenSource();
            using var call = client.AuthorizeAsync(Question(), cancellationToken: cancellation.Token);
            await cancellation.CancelAsync();
            try
            {
                await call;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Cancelled)
            {
                // As asked for.
            }
        }

        return await WordsAsync(client.AuthorizeAsync(Question(), deadline: Soon));
    }

    // Calls at once on one connection, each of which must get its own answer.
    private async Task<string> ManyAsync(DecisionService.DecisionServiceClient client)
    {
        var right = await Task.WhenAll(Enumerable.Range(0, CallCount).Select(async number =>
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"call-{number}");
            var answer = await client.AuthorizeAsync(Question(number % 2 == 1 ? "github" : "splunk", id), deadline: Soon);
            return answer.RequestId == id && answer.Effect == (number % 2 == 1 ? Effect.Allow : Effect.Deny);
        }));
        return string.Create(CultureInfo.InvariantCulture, $"{right.Count(static isRight => isRight)} of {CallCount}");
    }

    private async Task<string> AskUnixAsync()
    {
        using var handler = UnixSocket.Handler(_sidecar.SocketPath);
        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler });
        return await WordsAsync(new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(Question(), deadline: Soon));
    }
}
