using ClawPdp.Server.Demo;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.Load.Rigs;

/// <summary>Asks whether a tool is allowed, over a number of open connections in turns; anything but an allow ends the measurement.</summary>
internal sealed class Questions : IDisposable
{
    private readonly GrpcChannel[] _channels;
    private readonly DecisionService.DecisionServiceClient[] _clients;
    private readonly DemoClient _client;
    private AuthorizeRequest _question = new();
    private int _next;

    public Questions(string issuer, int connections)
    {
        _channels = [.. Enumerable.Range(0, connections).Select(static _ => GrpcChannel.ForAddress(Rig.GrpcAddress))];
        _clients = [.. _channels.Select(static channel => new DecisionService.DecisionServiceClient(channel))];
        _client = new DemoClient(Rig.GrpcAddress, issuer);
    }

    /// <summary>Signs a user in, gets a token, and asks once over each connection, so that all are open.</summary>
    public async Task PrepareAsync()
    {
        var token = (await _client.IssueAsync(await _client.SignInAsync("alice"), lifetimeSeconds: 3600)).Issued.Cst;
        _question = new AuthorizeRequest { Cst = token, Tool = "github" };
        for (var connection = 0; connection < _clients.Length; connection++)
        {
            await AskAsync();
        }
    }

    /// <summary>Asks over the next connection.</summary>
    public async Task AskAsync()
    {
        var answer = await _clients[(uint)Interlocked.Increment(ref _next) % (uint)_clients.Length].AuthorizeAsync(_question);
        if (answer.Effect != Effect.Allow)
        {
            throw new InvalidOperationException($"not allowed: {answer.ReasonCode}");
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
