using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy list</c>: lists the policies that a running sidecar holds.</summary>
internal static class PolicyListCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        var command = new Command("list", "List the policies that a running sidecar holds") { server, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var policies = await SidecarCall.RunAsync(server.Read(parsed), channel => ReadAsync(channel, cancellation));
            Print(policies, parsed.GetValue(json));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<List<PolicySummary>> ReadAsync(GrpcChannel channel, CancellationToken cancellation)
    {
        var client = new PolicyService.PolicyServiceClient(channel);
        var all = new List<PolicySummary>();
        var request = new ListPoliciesRequest { PageSize = RequestLimits.PageSizeMax };
        do
        {
            var page = await client.ListPoliciesAsync(request, cancellationToken: cancellation);
            all.AddRange(page.Policies);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return all;
    }

    private static void Print(List<PolicySummary> policies, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("policies", JsonValue.ArrayOf([.. policies.Select(static item => PolicyJson.Of(item.Policy)
                    .Add("active", JsonValue.Of(item.Active))
                    .Add("held_since", PolicyJson.When(item.LoadedAt) ?? "")
                    .Build())]))
                .Build());
            return;
        }

        foreach (var item in policies)
        {
            Output.Coloured($"{item.Policy.PolicyHashB64U}  {(item.Active ? "active" : "held  ")}  {item.Policy.PolicyId}", item.Active ? "green" : "default");
            Output.Line($"    version {item.Policy.FormatVersion}, signed by {item.Policy.SignerDid}, held since {PolicyJson.When(item.LoadedAt)}");
        }

        Output.Line(policies.Count == 1 ? "1 policy" : $"{policies.Count} policies");
    }
}
