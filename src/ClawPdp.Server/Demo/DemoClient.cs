using ClawPdp.Core.Json;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;

namespace ClawPdp.Server.Demo;

/// <summary>What an agent host does, over the wire alone: signs users in, gets tokens, asks, and reports.</summary>
internal sealed class DemoClient : IDisposable
{
    private const int AttemptsMax = 20;

    private readonly GrpcChannel _channel;
    private readonly HttpClient _http = new();
    private readonly string _issuer;

    public DemoClient(string grpcAddress, string issuer)
    {
        _channel = GrpcChannel.ForAddress(grpcAddress);
        _issuer = issuer;
        Tokens = new TokenService.TokenServiceClient(_channel);
        Decisions = new DecisionService.DecisionServiceClient(_channel);
        Receipts = new ReceiptService.ReceiptServiceClient(_channel);
        Runs = new RunService.RunServiceClient(_channel);
        Audits = new AuditService.AuditServiceClient(_channel);
        AgentDid = Audits.CreateAgentKey(new CreateAgentKeyRequest()).AgentDid;
    }

    public TokenService.TokenServiceClient Tokens { get; }

    public DecisionService.DecisionServiceClient Decisions { get; }

    public ReceiptService.ReceiptServiceClient Receipts { get; }

    public RunService.RunServiceClient Runs { get; }

    public AuditService.AuditServiceClient Audits { get; }

    /// <summary>Gets the DID of the demo's agent, whose key the sidecar holds.</summary>
    public string AgentDid { get; }

    /// <summary>Signs a user in.</summary>
    /// <returns>The ID token; empty when the provider refuses.</returns>
    public async Task<string> SignInAsync(string user)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "password",
            ["client_id"] = DemoIdentityProvider.ClientId,
            ["username"] = user,
        });
        using var response = await _http.PostAsync(new Uri(_issuer + "/token"), form);
        var body = await response.Content.ReadAsByteArrayAsync();
        return JsonReader.Parse(body, 1 << 16).TryGet(out var parsed) ? parsed.FindText("id_token") ?? "" : "";
    }

    /// <summary>Asks for a token; where the provider could not be asked for its keys in time, again as often as told, for a while.</summary>
    public async Task<IssueCstResponse> IssueAsync(string idToken, Narrowing? narrowing = null, int? lifetimeSeconds = null)
    {
        var request = new IssueCstRequest
        {
            IdToken = idToken,
            AgentDid = AgentDid,
            Narrowing = narrowing,
            RequestedTtl = lifetimeSeconds is { } seconds ? Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) : null,
        };
        request.Audiences.Add(DemoInstallation.Audience);
        var response = await Tokens.IssueCstAsync(request);
        for (var attempt = 1; attempt < AttemptsMax && response.Refusal is { ReasonCode: ReasonCode.IdpUnavailable, RetryAfter: { } wait }; attempt++)
        {
            await Task.Delay(wait.ToTimeSpan(), TimeProvider.System);
            response = await Tokens.IssueCstAsync(request);
        }

        return response;
    }

    /// <summary>Asks whether an action is allowed.</summary>
    /// <returns>The reason code's name.</returns>
    public async Task<string> AskAsync(string token, string tool = "", string model = "", string host = "", string policyHash = "", string provider = "anthropic")
    {
        var response = await Decisions.AuthorizeAsync(new AuthorizeRequest
        {
            Cst = token,
            Tool = tool,
            Model = model,
            Host = host,
            PolicyHash = policyHash,
            Provider = provider,
        });
        return DemoWords.Of(response);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _http.Dispose();
    }
}
