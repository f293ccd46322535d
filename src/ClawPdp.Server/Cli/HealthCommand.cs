using System.CommandLine;
using ClawPdp.Client;
using ClawPdp.Server.Doors;
using Grpc.Core;
using Grpc.Health.V1;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp health</c>: asks a running sidecar by grpc.health.v1, for probes in an image that has no other program.</summary>
internal static class HealthCommand
{
    private const int LimitDefaultMilliseconds = 2000;
    private const int LimitMaxMilliseconds = 60_000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var server = AgentOptions.Server();
        var service = new Option<string>("--service") { Description = "a service by its full name; the whole when absent", HelpName = "NAME", DefaultValueFactory = static _ => "" };
        var alive = new Option<bool>("--alive") { Description = "any answer is good: for a probe after which the sidecar is started anew" };
        var limit = new Option<int>("--time-limit-ms") { Description = $"how long the answer may take: 1 to {LimitMaxMilliseconds}", HelpName = "MS", DefaultValueFactory = static _ => LimitDefaultMilliseconds }
            .Within(1, LimitMaxMilliseconds);
        var command = new Command("health", "Ask a running sidecar how it is: exit code 0 only if it serves") { server, service, alive, limit };
        command.SetAction((parsed, cancellation) => AskAsync(
            parsed.GetValue(server) ?? Environment.GetEnvironmentVariable(ClawPdpClientOptions.AddressVariable) ?? ClawPdpClientOptions.AddressDefault,
            new HealthCheckRequest { Service = parsed.GetValue(service) },
            parsed.GetValue(alive),
            TimeSpan.FromMilliseconds(parsed.GetValue(limit)),
            cancellation));
        return command;
    }

    private static async Task<int> AskAsync(string address, HealthCheckRequest request, bool isAnyGood, TimeSpan limit, CancellationToken cancellation)
    {
        using var channel = ProbeChannel.Open(address);
        try
        {
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + limit;
            var answer = await new HealthClient(channel).CheckAsync(request, deadline: deadline, cancellationToken: cancellation);
            Output.Line(answer.Status == HealthCheckResponse.Types.ServingStatus.Serving ? "SERVING" : "NOT_SERVING");
            return isAnyGood || answer.Status == HealthCheckResponse.Types.ServingStatus.Serving ? ExitCodes.Ok : ExitCodes.BadVerdict;
        }
        catch (RpcException failure)
        {
            await Output.ErrorAsync($"{address}: {failure.StatusCode}: {failure.Status.Detail}");
            return ExitCodes.BadVerdict;
        }
    }
}
