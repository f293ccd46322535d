using System.Globalization;
using ClawPdp.Server.Demo;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.Load.Rigs;

/// <summary>What callers ask of the sidecar; anything but the expected answer ends the measurement.</summary>
internal sealed class Callers : IDisposable
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly GrpcChannel[] _channels;
    private readonly DemoClient _client;
    private readonly string _runPrefix = "run-" + Guid.NewGuid().ToString("N");
    private string _idToken = "";
    private string _token = "";
    private long _count;

    public Callers(string issuer, int callers)
    {
        _channels = Rig.Connect(callers);
        _client = new DemoClient(Rig.GrpcAddress, issuer);
    }

    /// <summary>Signs a user in and gets a token.</summary>
    public async Task PrepareAsync()
    {
        _idToken = await _client.SignInAsync("alice");
        _token = (await _client.IssueAsync(_idToken, lifetimeSeconds: 3600)).Issued.Cst;
    }

    /// <summary>Has a receipt signed, each caller in a run of its own.</summary>
    public async Task SignAsync(int caller)
    {
        var number = Interlocked.Increment(ref _count);
        var response = await new ReceiptService.ReceiptServiceClient(_channels[caller % _channels.Length]).SignReceiptAsync(new SignReceiptRequest
        {
            Cst = _token,
            RunId = string.Create(CultureInfo.InvariantCulture, $"{_runPrefix}-{caller}"),
            Nonce = string.Create(CultureInfo.InvariantCulture, $"n{number}"),
            ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash, LatencyMs = 1 },
        });
        if (response.Receipt is null)
        {
            throw new InvalidOperationException($"no receipt: {response.Refusal}");
        }
    }

    /// <summary>Has a token issued for the same sign-in.</summary>
    public async Task IssueAsync(int caller)
    {
        var request = new IssueCstRequest { IdToken = _idToken, AgentDid = _client.AgentDid };
        request.Audiences.Add(DemoInstallation.Audience);
        var response = await new TokenService.TokenServiceClient(_channels[caller % _channels.Length]).IssueCstAsync(request);
        if (response.Issued is null)
        {
            throw new InvalidOperationException($"no token: {response.Refusal}");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }
}
