using ClawPdp.Bench.Plans;
using ClawPdp.Core.Decisions;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Bench.Transport;

/// <summary>Has tokens issued before a run, all for one sign-in.</summary>
public static class TokenIssuer
{
    // The sidecar gives the least of this and its own bounds: tokens shall outlive the run.
    private static readonly TimeSpan LifetimeWanted = TimeSpan.FromDays(1);

    /// <summary>Has tokens issued, one after the other.</summary>
    /// <param name="target">The sidecar.</param>
    /// <param name="idToken">The sign-in.</param>
    /// <param name="agentDid">The agent that shall hold the tokens.</param>
    /// <param name="audiences">Who shall accept them.</param>
    /// <param name="count">How many: at most <see cref="BenchLimits.IssueMax"/>.</param>
    /// <param name="holder">Who holds the key that they are bound to; <see langword="null"/>: as the sidecar's settings have it.</param>
    /// <returns>The tokens; or why there are none, in words that hold no token.</returns>
    public static async Task<(IReadOnlyList<string> Tokens, string? Fault)> IssueAsync(BenchTarget target, string idToken, string agentDid, IEnumerable<string> audiences, int count, BenchHolder? holder = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, BenchLimits.IssueMax);
        var request = new IssueCstRequest { IdToken = idToken, AgentDid = agentDid, RequestedTtl = Duration.FromTimeSpan(LifetimeWanted) };
        request.Audiences.AddRange(audiences);
        if (holder is not null)
        {
            request.Holder = new TokenHolder { JwkThumbprint = holder.Thumbprint };
        }

        using var channel = GrpcChannel.ForAddress(target.Address, new GrpcChannelOptions { HttpHandler = target.CreateHandler(), DisposeHttpClient = true });
        var client = new TokenService.TokenServiceClient(channel);
        var tokens = new List<string>(count);
        try
        {
            while (tokens.Count < count)
            {
                var response = await client.IssueCstAsync(request);
                if (response.Issued is not { } issued)
                {
                    return ([], "IssueCst: refused: " + ReasonCatalog.NameOf((Core.Decisions.ReasonCode)(int)(response.Refusal?.ReasonCode ?? V1.ReasonCode.InternalError)));
                }

                tokens.Add(issued.Cst);
            }
        }
        catch (RpcException failure)
        {
            return ([], $"IssueCst: {failure.StatusCode}");
        }

        return (tokens, null);
    }
}
