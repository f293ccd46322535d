using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>Writes answers in the words of AuthZEN: the decision, and in <c>context</c> what it rests on.</summary>
internal static class AccessAnswers
{
    private const string Forbidden = "403";

    /// <summary>Writes an answer.</summary>
    public static JsonValue Write(AuthorizeResponse answer) => Write(answer, ContextOf(answer));

    /// <summary>Writes the answer to what is no question.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static JsonValue WriteBroken(AuthorizeResponse answer, string fault) => Write(answer, ContextOf(answer)
        .Add("error", new JsonObjectBuilder().Add("status", StatusCodes.Status400BadRequest).Add("message", fault).Build()));

    private static JsonValue Write(AuthorizeResponse answer, JsonObjectBuilder context) => new JsonObjectBuilder()
        .Add("decision", JsonValue.Of(WireDecisions.IsWholeAllow(answer)))
        .Add("context", context.Build())
        .Build();

    private static JsonObjectBuilder ContextOf(AuthorizeResponse answer)
    {
        var reason = (ReasonCode)(int)answer.ReasonCode;
        var context = new JsonObjectBuilder()
            .AddIfPresent("decision_id", answer.DecisionId)
            .AddIfPresent("request_id", answer.RequestId)
            .Add("reason_code", ReasonCatalog.NameOf(reason))
            .AddIfPresent("policy_hash", answer.PolicyHashB64U)
            .AddIfPresent("policy_version", answer.PolicyVersion)
            .AddIfPresent("cacheable_until", answer.CacheableUntil is { } end ? Core.Encoding.Rfc3339.Format(end.ToDateTimeOffset()) : null)
            .Add("epoch", answer.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (answer.StatementIds.Count > 0)
        {
            context.Add("statement_ids", JsonValue.ArrayOf(answer.StatementIds));
        }

        return WireDecisions.IsWholeAllow(answer) ? context : AddReason(context, answer, reason);
    }

    private static JsonObjectBuilder AddReason(JsonObjectBuilder context, AuthorizeResponse answer, ReasonCode reason)
    {
        context
            .Add("reason_class", ReasonCatalog.NameOf(ReasonCatalog.ClassOf(reason)))
            .Add("reason_admin", new JsonObjectBuilder().Add(Forbidden, $"{ReasonCatalog.NameOf(reason)}: {answer.Message}").Build())
            .AddIfPresent("retry_after_seconds", answer.RetryAfter?.Seconds);
        return answer.Obligations.Count == 0 ? context : context.Add("obligations", JsonValue.ArrayOf([.. answer.Obligations.Select(Write)]));
    }

    private static JsonValue Write(Obligation obligation)
    {
        var approval = obligation.Approval ?? new ApprovalObligation();
        return new JsonObjectBuilder()
            .Add("id", approval.ActionDigestB64U)
            .Add("type", obligation.Approval is null ? "unknown" : "human_approval")
            .Add("properties", new JsonObjectBuilder()
                .Add("action_digest_b64u", approval.ActionDigestB64U)
                .Add("token_scope_hash_b64u", approval.TokenScopeHashB64U)
                .AddIfPresent("policy_hash_b64u", approval.PolicyHashB64U)
                .Add("statement_ids", JsonValue.ArrayOf(approval.StatementIds))
                .Add("summary", approval.Summary)
                .Build())
            .Build();
    }
}
