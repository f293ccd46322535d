using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.V1;

namespace ClawPdp.Server.Cli;

/// <summary>Writes for machines what a token may use; the members are named as in decision_service.proto.</summary>
internal static class AllowedJson
{
    /// <summary>Gives the object.</summary>
    public static JsonValue Write(ListAllowedResponse response)
    {
        var written = new JsonObjectBuilder().Add("epoch", (long)response.Epoch);
        if (response.Allowed is not { } allowed)
        {
            return written
                .Add("reason_code", ReasonCatalog.NameOf((Core.Decisions.ReasonCode)(int)(response.Refusal?.ReasonCode ?? V1.ReasonCode.Unspecified)))
                .AddIfPresent("message", response.Refusal?.Message)
                .Build();
        }

        return written
            .AddIfPresent("cacheable_until", response.CacheableUntil is { } end ? Rfc3339.Format(end.ToDateTimeOffset()) : null)
            .Add("names", JsonValue.ArrayOf(allowed.Names))
            .Add("patterns", JsonValue.ArrayOf(allowed.Patterns))
            .Add("limits", ExplanationJson.ArrayOf(allowed.Limits, Write))
            .Build();
    }

    private static JsonValue Write(PolicyLimit limit) => new JsonObjectBuilder()
        .Add("policy_hash_b64u", limit.PolicyHashB64U)
        .Add("allow", ExplanationJson.ArrayOf(limit.Allow, Write))
        .Add("deny", ExplanationJson.ArrayOf(limit.Deny, Write))
        .Build();

    private static JsonValue Write(NameCondition condition) => new JsonObjectBuilder()
        .Add("sid", condition.Sid)
        .Add("any_of", ExplanationJson.ArrayOf(condition.AnyOf, Write))
        .Add("all_of", ExplanationJson.ArrayOf(condition.AllOf, Write))
        .Add("none_of", ExplanationJson.ArrayOf(condition.NoneOf, Write))
        .Build();

    private static JsonValue Write(NamePattern pattern)
    {
        var written = new JsonObjectBuilder();
        _ = pattern.KindCase switch
        {
            NamePattern.KindOneofCase.Glob => written.Add("glob", pattern.Glob),
            NamePattern.KindOneofCase.Exact => written.Add("exact", pattern.Exact),
            NamePattern.KindOneofCase.ModelV1 => written.Add("model_v1", pattern.ModelV1),
            NamePattern.KindOneofCase.Host => written.Add("host", pattern.Host),
            NamePattern.KindOneofCase.Network => written.Add("network", pattern.Network),
            NamePattern.KindOneofCase.Ports => written.Add("ports", new JsonObjectBuilder().Add("first", pattern.Ports.First).Add("last", pattern.Ports.Last).Build()),
            _ => written,
        };
        return pattern.MatchesWithoutValue ? written.Add("matches_without_value", JsonValue.Of(true)).Build() : written.Build();
    }
}
