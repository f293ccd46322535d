using ClawPdp.Core.Json;
using ClawPdp.V1;

namespace ClawPdp.Server.Cli;

/// <summary>Prints what an activation would do.</summary>
internal static class ActivationPreviewText
{
    /// <summary>Prints the preview.</summary>
    public static void Print(ActivatePolicyRequest request, ActivationPreview preview, bool isJson)
    {
        if (isJson)
        {
            Output.Json(Write(request, preview));
            return;
        }

        Output.Line("nothing was changed; this is what the activation would do");
        Output.Pairs(
        [
            ("policy", request.PolicyHashB64U),
            ("audience", PolicyJson.AudienceWords(request.Audience)),
            ("active now", preview.AlreadyActive ? "this policy" : preview.ActivePolicyHashB64U.Length > 0 ? preview.ActivePolicyHashB64U : "none"),
            ("next number", $"{preview.NextActivationNumber}"),
            ("live tokens", $"{preview.LiveTokenCount}"),
        ]);
        if (preview.StrandedTokenCount == 0)
        {
            Output.Coloured("no live token would be stranded", "green");
            return;
        }

        var when = request.Overlap is { } overlap ? $"once the overlap of {overlap.Seconds} s is over" : "at once";
        Output.Coloured($"{preview.StrandedTokenCount} live {(preview.StrandedTokenCount == 1 ? "token" : "tokens")} would be denied {when}, being pinned to another policy:", "yellow");
        foreach (var item in preview.Stranded)
        {
            var mission = item.MissionId.Length > 0 ? $"mission {item.MissionId}" : "no mission";
            var group = item.Group.Length > 0 ? $"group {item.Group}" : "no group";
            Output.Line($"  {item.TokenCount,7}  {mission}, {group}, pinned to {item.PolicyHashB64U}, the last until {PolicyJson.When(item.LastExpiresAt)}");
        }
    }

    private static JsonValue Write(ActivatePolicyRequest request, ActivationPreview preview) => new JsonObjectBuilder()
        .Add("dry_run", JsonValue.Of(value: true))
        .Add("policy_hash_b64u", request.PolicyHashB64U)
        .Add("audience", request.Audience)
        .AddIfPresent("active_policy_hash_b64u", preview.ActivePolicyHashB64U)
        .Add("already_active", JsonValue.Of(preview.AlreadyActive))
        .Add("next_activation_number", (long)preview.NextActivationNumber)
        .Add("live_token_count", preview.LiveTokenCount)
        .Add("stranded_token_count", preview.StrandedTokenCount)
        .Add("stranded", JsonValue.ArrayOf([.. preview.Stranded.Select(static item => new JsonObjectBuilder()
            .AddIfPresent("mission_id", item.MissionId)
            .AddIfPresent("group", item.Group)
            .Add("policy_hash_b64u", item.PolicyHashB64U)
            .Add("token_count", item.TokenCount)
            .AddIfPresent("last_expires_at", PolicyJson.When(item.LastExpiresAt))
            .Build())]))
        .Build();
}
