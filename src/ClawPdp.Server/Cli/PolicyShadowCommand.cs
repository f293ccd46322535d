using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy shadow</c>: tries a candidate beside the active policy of a running sidecar.</summary>
internal static class PolicyShadowCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var hash = new Argument<string?>("HASH") { Description = "the candidate, which must have been put", Arity = ArgumentArity.ZeroOrOne };
        var audience = new Option<string>("--audience") { Description = "the audience whose questions count; all without a candidate of their own when absent", HelpName = "AUD" };
        var sample = new Option<int>("--sample") { Description = $"every how many differences of a kind one goes into the decision's record: 1 to {RequestLimits.SampleIntervalMax}", HelpName = "N", DefaultValueFactory = static _ => 1 }.Within(1, RequestLimits.SampleIntervalMax);
        var report = new Option<bool>("--report") { Description = "print what was counted" };
        var off = new Option<bool>("--off") { Description = "end it" };
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        var command = new Command("shadow", "Evaluate a candidate beside the active policy, which goes on answering") { hash, audience, sample, report, off, server, json };
        command.Validators.Add(result =>
        {
            var count = (result.GetValue(hash) is null ? 0 : 1) + (result.GetValue(report) ? 1 : 0) + (result.GetValue(off) ? 1 : 0);
            if (count != 1)
            {
                result.AddError("one of HASH, --report and --off is expected");
            }
        });
        command.SetAction((parsed, cancellation) => parsed.GetValue(report)
            ? ReportAsync(server.Read(parsed), parsed.GetValue(audience) ?? "", parsed.GetValue(json), cancellation)
            : ShadowAsync(
                server.Read(parsed),
                new ShadowPolicyRequest { PolicyHashB64U = parsed.GetValue(hash) ?? "", Audience = parsed.GetValue(audience) ?? "", SampleInterval = parsed.GetValue(sample) },
                parsed.GetValue(json),
                cancellation));
        return command;
    }

    private static async Task<int> ShadowAsync(SidecarAddress server, ShadowPolicyRequest request, bool isJson, CancellationToken cancellation)
    {
        var response = await SidecarCall.RunAsync(server, channel => Client(channel).ShadowPolicyAsync(request, cancellationToken: cancellation).ResponseAsync);
        if (response.Shadowed is not { } shadowed)
        {
            return await SidecarCall.RefuseAsync(response.Refusal, isJson);
        }

        if (isJson)
        {
            Output.Json(Write(shadowed));
        }
        else
        {
            var audience = shadowed.Audience.Length > 0 ? shadowed.Audience : "every audience without its own";
            Output.Coloured(shadowed.PolicyHashB64U.Length > 0 ? $"{shadowed.PolicyHashB64U} is evaluated beside the active policy, for {audience}" : $"no candidate is evaluated any more, for {audience}", "green");
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> ReportAsync(SidecarAddress server, string audience, bool isJson, CancellationToken cancellation)
    {
        var response = await SidecarCall.RunAsync(server, channel => Client(channel).GetShadowReportAsync(new GetShadowReportRequest { Audience = audience }, cancellationToken: cancellation).ResponseAsync);
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .AddIfPresent("shadowed", response.Shadowed is { } shadowed ? Write(shadowed) : null)
                .Add("compared_count", response.ComparedCount)
                .Add("agreed_count", response.AgreedCount)
                .Add("differences", JsonValue.ArrayOf([.. response.Differences.Select(Write)]))
                .Build());
            return ExitCodes.Ok;
        }

        if (response.Shadowed is null)
        {
            Output.Line("no candidate is evaluated");
            return ExitCodes.Ok;
        }

        foreach (var difference in response.Differences)
        {
            var sampled = difference.SampleDecisionId.Length > 0 ? $", last sampled in {difference.SampleDecisionId}" : "";
            Output.Line($"{SidecarCall.NameOf(difference.CandidateReasonCode)} instead of {SidecarCall.NameOf(difference.LiveReasonCode)}  {difference.Count} times{sampled}");
        }

        Output.Line($"{response.Shadowed.PolicyHashB64U} since {response.Shadowed.Since}: {response.ComparedCount} questions, {response.AgreedCount} answered the same");
        return ExitCodes.Ok;
    }

    private static PolicyService.PolicyServiceClient Client(GrpcChannel channel) => new(channel);

    private static JsonValue Write(ShadowedPolicy shadowed) => new JsonObjectBuilder()
        .Add("policy_hash_b64u", shadowed.PolicyHashB64U)
        .Add("audience", shadowed.Audience)
        .AddIfPresent("since", PolicyJson.When(shadowed.Since))
        .Add("sample_interval", shadowed.SampleInterval)
        .Build();

    private static JsonValue Write(ShadowDifference difference) => new JsonObjectBuilder()
        .Add("live", SidecarCall.NameOf(difference.LiveReasonCode))
        .Add("candidate", SidecarCall.NameOf(difference.CandidateReasonCode))
        .Add("count", difference.Count)
        .AddIfPresent("sample_decision_id", difference.SampleDecisionId)
        .Build();
}
