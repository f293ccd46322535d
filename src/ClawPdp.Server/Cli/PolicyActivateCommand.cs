using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Ledger.Policies;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy activate HASH</c>: makes a policy that a running sidecar holds the active one, or says what that would do.</summary>
internal static class PolicyActivateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var hash = new Argument<string>("HASH") { Description = "hash of the policy, as `policy put` and `policy list` print it" };
        var audience = new Option<string>("--audience") { Description = "the audience that it shall be active for; every one without a policy of its own when absent", HelpName = "AUD" };
        var number = new Option<long>("--number") { Description = "number of the activation, greater than every earlier one; the next one when absent", HelpName = "N" };
        var overlap = new Option<int>("--overlap") { Description = $"how long tokens pinned to the policy before are still answered by that one: 0 to {RequestLimits.OverlapMaxSeconds}", HelpName = "SECONDS" };
        var reason = new Option<string>("--reason") { Description = $"why, for the record: at most {RequestLimits.ReasonMax} bytes", HelpName = "TEXT" };
        var dryRun = new Option<bool>("--dry-run") { Description = "change nothing, and say which live tokens it would strand" };
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        number.Within(1, ActivationRecord.NumberMax);
        overlap.Within(0, RequestLimits.OverlapMaxSeconds);
        var command = new Command("activate", "Make a policy that is held the active one") { hash, audience, number, overlap, reason, dryRun, server, json };
        command.SetAction((parsed, cancellation) => ActivateAsync(
            server.Read(parsed),
            new ActivatePolicyRequest
            {
                PolicyHashB64U = parsed.GetValue(hash) ?? "",
                Audience = parsed.GetValue(audience) ?? "",
                ActivationNumber = (ulong)parsed.GetValue(number),
                Overlap = parsed.GetValue(overlap) is > 0 and var seconds ? Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) : null,
                Reason = parsed.GetValue(reason) ?? "",
                DryRun = parsed.GetValue(dryRun),
            },
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> ActivateAsync(SidecarAddress server, ActivatePolicyRequest request, bool isJson, CancellationToken cancellation)
    {
        var response = await SidecarCall.RunAsync(server, async channel =>
            await new PolicyService.PolicyServiceClient(channel).ActivatePolicyAsync(request, cancellationToken: cancellation));
        switch (response.OutcomeCase)
        {
            case ActivatePolicyResponse.OutcomeOneofCase.Activated:
                Print(response, isJson);
                return ExitCodes.Ok;
            case ActivatePolicyResponse.OutcomeOneofCase.Preview:
                ActivationPreviewText.Print(request, response.Preview, isJson);
                return ExitCodes.Ok;
            default:
                return await SidecarCall.RefuseAsync(response.Refusal, isJson);
        }
    }

    private static void Print(ActivatePolicyResponse response, bool isJson)
    {
        var active = response.Activated;
        if (isJson)
        {
            Output.Json(PolicyJson.Of(active.Policy)
                .Add("activation_number", (long)active.ActivationNumber)
                .Add("audience", active.Audience)
                .Add("activated_at", PolicyJson.When(active.ActivatedAt) ?? "")
                .AddIfPresent("previous_policy_hash_b64u", active.PreviousPolicyHashB64U)
                .AddIfPresent("overlap_until", PolicyJson.When(active.OverlapUntil))
                .Add("epoch", JsonValue.Of(response.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                .Build());
            return;
        }

        Output.Coloured($"active, by activation {active.ActivationNumber}", "green");
        Output.Pairs(
        [
            ("policy", active.Policy.PolicyHashB64U),
            ("policy id", active.Policy.PolicyId),
            ("audience", PolicyJson.AudienceWords(active.Audience)),
            ("previous policy", active.PreviousPolicyHashB64U),
            ("honoured until", PolicyJson.When(active.OverlapUntil) ?? ""),
        ]);
    }
}
