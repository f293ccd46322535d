using ClawPdp.V1;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>A process that serves a <see cref="SidecarHome"/>, and a connection to it.</summary>
internal sealed class LiveSidecar : IAsyncDisposable
{
    public const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    public const string Tool = "github";

    private readonly SidecarHome _home;
    private readonly GrpcChannel _channel;

    private LiveSidecar(ChildProcess process, SidecarHome home, string address)
    {
        Process = process;
        Address = address;
        _home = home;
        _channel = GrpcChannel.ForAddress(address);
    }

    public ChildProcess Process { get; }

    public string Address { get; }

    public TokenService.TokenServiceClient Tokens => new(_channel);

    public DecisionService.DecisionServiceClient Decisions => new(_channel);

    public ReceiptService.ReceiptServiceClient Receipts => new(_channel);

    public RunService.RunServiceClient Runs => new(_channel);

    /// <summary>Waits until a process serves; one that does not is ended.</summary>
    public static async Task<LiveSidecar> ReadyAsync(ChildProcess process, SidecarHome home)
    {
        try
        {
            var line = await process.ReadyAsync();
            return new LiveSidecar(process, home, line[line.IndexOf("http://127", StringComparison.Ordinal)..].Split(',')[0]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the request for a receipt of a tool call.</summary>
    public static SignReceiptRequest ReceiptOf(string token, string runId, string nonce) => new()
    {
        Cst = token,
        RunId = runId,
        Nonce = nonce,
        ToolCall = new ToolCall { ToolName = Tool, ArgsHashB64U = Hash, ResultHashB64U = Hash },
    };

    /// <summary>Asks for a token; the outcome may be a refusal.</summary>
    public async Task<IssueCstResponse> TryIssueAsync()
    {
        var request = new IssueCstRequest { IdToken = _home.Mint(), AgentDid = PublishedSidecar.AgentDid };
        request.Audiences.Add("clawpdp");
        return await Tokens.IssueCstAsync(request);
    }

    /// <summary>Gives a new token.</summary>
    public async Task<string> IssueAsync()
    {
        var response = await TryIssueAsync();
        Assert.True(response.OutcomeCase == IssueCstResponse.OutcomeOneofCase.Issued, response.Refusal?.Message);
        return response.Issued.Cst;
    }

    /// <summary>Asks for a receipt, for at most a time.</summary>
    public async Task<SignReceiptResponse> SignAsync(string token, string runId, string nonce, TimeSpan? limit = null) =>
        await Receipts.SignReceiptAsync(ReceiptOf(token, runId, nonce), deadline: DateTime.UtcNow + (limit ?? TimeSpan.FromSeconds(30)));

    /// <summary>Signs a receipt and gives its reason; ALLOWED when it is signed.</summary>
    public async Task<ReasonCode> SignReasonAsync(string token, string runId, string nonce)
    {
        var response = await SignAsync(token, runId, nonce);
        return response.OutcomeCase == SignReceiptResponse.OutcomeOneofCase.Receipt ? ReasonCode.Allowed : response.Refusal.ReasonCode;
    }

    /// <summary>Asks for a decision on the tool that tokens allow.</summary>
    public async Task<AuthorizeResponse> AskAsync(string token, TimeSpan? limit = null) =>
        await Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = Tool }, deadline: DateTime.UtcNow + (limit ?? TimeSpan.FromSeconds(10)));

    /// <summary>Gives what a health service says: of the one for receipts, whether records are taken.</summary>
    public async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync(string service = "clawpdp.v1.ReceiptService") =>
        (await new Health.HealthClient(_channel).CheckAsync(new HealthCheckRequest { Service = service }, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(10))).Status;

    /// <summary>Gives a receipt's envelope, byte for byte; empty when there is none.</summary>
    public async Task<string> EnvelopeAsync(string receiptId)
    {
        var found = await Receipts.GetReceiptAsync(new GetReceiptRequest { ReceiptId = receiptId });
        return found.OutcomeCase == GetReceiptResponse.OutcomeOneofCase.Receipt ? found.Receipt.EnvelopeJson.ToStringUtf8() : "";
    }

    /// <summary>Asks again and again until an answer fits.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan? limit = null)
    {
        var end = DateTime.UtcNow + (limit ?? TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < end, $"not in time: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Process.DisposeAsync();
    }
}
