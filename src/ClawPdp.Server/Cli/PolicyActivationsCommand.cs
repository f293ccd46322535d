using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy activations</c>: lists the activations of a running sidecar, the latest first.</summary>
internal static class PolicyActivationsCommand
{
    private const int CountDefault = 50;
    private const int CountMax = 10_000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = $"how many at most: 1 to {CountMax}", HelpName = "N", DefaultValueFactory = static _ => CountDefault };
        count.Within(1, CountMax);
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        var command = new Command("activations", "List the activations, the latest first") { count, server, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = parsed.GetValue(count);
            var activations = await SidecarCall.RunAsync(server.Read(parsed), channel => ReadAsync(channel, wanted, cancellation));
            Print(activations, parsed.GetValue(json));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<List<Activation>> ReadAsync(GrpcChannel channel, int wanted, CancellationToken cancellation)
    {
        var client = new PolicyService.PolicyServiceClient(channel);
        var all = new List<Activation>();
        var request = new ListActivationsRequest();
        do
        {
            request.PageSize = Math.Min(RequestLimits.PageSizeMax, wanted - all.Count);
            var page = await client.ListActivationsAsync(request, cancellationToken: cancellation);
            all.AddRange(page.Activations);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && all.Count < wanted);
        return all;
    }

    private static void Print(List<Activation> activations, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder().Add("activations", JsonValue.ArrayOf([.. activations.Select(Write)])).Build());
            return;
        }

        foreach (var item in activations)
        {
            var overlap = item.OverlapUntil is null ? "" : $", the one before honoured until {PolicyJson.When(item.OverlapUntil)}";
            Output.Line($"{item.ActivationNumber,6}  {item.PolicyHashB64U}  {PolicyJson.When(item.ActivatedAt)}  {item.Source}  {PolicyJson.AudienceWords(item.Audience)}{overlap}");
            if (item.Reason.Length > 0)
            {
                Output.Line($"        {item.Reason}");
            }
        }

        if (activations.Count == 0)
        {
            Output.Line("no policy was ever activated");
        }
    }

    private static JsonValue Write(Activation item) => new JsonObjectBuilder()
        .Add("activation_number", (long)item.ActivationNumber)
        .Add("policy_hash_b64u", item.PolicyHashB64U)
        .Add("audience", item.Audience)
        .AddIfPresent("previous_policy_hash_b64u", item.PreviousPolicyHashB64U)
        .Add("activated_at", PolicyJson.When(item.ActivatedAt) ?? "")
        .AddIfPresent("overlap_until", PolicyJson.When(item.OverlapUntil))
        .Add("source", item.Source)
        .AddIfPresent("reason", item.Reason)
        .Build();
}
