using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Server.Grpc;
using ClawPdp.V1;
using ReasonClass = ClawPdp.Core.Decisions.ReasonClass;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Doors.Http;

/// <summary>An answer as HTTP says it. There is one way to make one, and all that is not an allow from end to end becomes a denial.</summary>
internal sealed class HttpReply
{
    /// <summary>The header with the decision's id.</summary>
    public const string DecisionHeader = "x-claw-decision-id";

    /// <summary>The header with the reason's code, such as <c>TOOL_NOT_ALLOWED</c>.</summary>
    public const string ReasonHeader = "x-claw-reason";

    /// <summary>The header with the class of the reason, such as <c>REQUESTABLE</c>.</summary>
    public const string ReasonClassHeader = "x-claw-reason-class";

    private const string Challenge = "Bearer realm=\"clawpdp\"";

    private HttpReply(int status, string decisionId, ImmutableArray<KeyValuePair<string, string>> headers, JsonValue? document)
    {
        Status = status;
        DecisionId = decisionId;
        Headers = headers;
        Document = document;
        Body = document is null ? [] : JsonWriter.WriteCanonical(document);
    }

    /// <summary>Gets the status: 200 for an allow; 400, 401, 403 or 503 for a denial.</summary>
    public int Status { get; }

    /// <summary>Gets a value indicating whether the request may go on.</summary>
    public bool IsAllowed => Status == StatusCodes.Status200OK;

    /// <summary>Gets the decision's id; empty where none was recorded.</summary>
    public string DecisionId { get; }

    /// <summary>Gets the headers, their names in lower case.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Gets what is said of a denial; <see langword="null"/> for an allow.</summary>
    public JsonValue? Document { get; }

    /// <summary>Gets the body, the document as JSON; empty for an allow.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Makes the reply of an answer.</summary>
    public static HttpReply Of(AuthorizeResponse answer)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        if (answer.DecisionId.Length > 0)
        {
            headers.Add(new(DecisionHeader, answer.DecisionId));
        }

        if (WireDecisions.IsWholeAllow(answer))
        {
            return new HttpReply(StatusCodes.Status200OK, answer.DecisionId, headers.ToImmutable(), document: null);
        }

        var reason = ReasonOf(answer);
        var status = StatusOf(reason);
        headers.Add(new(ReasonHeader, ReasonCatalog.NameOf(reason)));
        headers.Add(new(ReasonClassHeader, ClassOf(reason)));
        if (status == StatusCodes.Status401Unauthorized)
        {
            headers.Add(new("www-authenticate", reason == ReasonCode.TokenRequired ? Challenge : Challenge + ", error=\"invalid_token\""));
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            var wait = answer.RetryAfter is { } after ? Math.Max(1, after.Seconds + (after.Nanos > 0 ? 1 : 0)) : 1;
            headers.Add(new("retry-after", wait.ToString(CultureInfo.InvariantCulture)));
        }

        return new HttpReply(status, answer.DecisionId, headers.ToImmutable(), DocumentOf(answer, reason));
    }

    private static ReasonCode ReasonOf(AuthorizeResponse answer) =>
        answer.ReasonCode == V1.ReasonCode.Allowed ? ReasonCode.NotSupported : (ReasonCode)(int)answer.ReasonCode;

    private static int StatusOf(ReasonCode reason) => ReasonCatalog.ClassOf(reason) switch
    {
        ReasonClass.Transient => StatusCodes.Status503ServiceUnavailable,
        ReasonClass.Reissue when reason <= ReasonCode.TokenRevoked => StatusCodes.Status401Unauthorized,
        _ => reason == ReasonCode.RequestInvalid ? StatusCodes.Status400BadRequest : StatusCodes.Status403Forbidden,
    };

    private static string ClassOf(ReasonCode reason) => ReasonCatalog.NameOf(ReasonCatalog.ClassOf(reason)).ToUpperInvariant();

    private static JsonValue DocumentOf(AuthorizeResponse answer, ReasonCode reason) => new JsonObjectBuilder()
        .Add("error", ReasonCatalog.NameOf(reason))
        .Add("class", ClassOf(reason))
        .Add("message", answer.Message)
        .AddIfPresent("decision_id", answer.DecisionId)
        .AddIfPresent("approval", ApprovalOf(answer))
        .Build();

    private static JsonValue? ApprovalOf(AuthorizeResponse answer) =>
        answer.Obligations.FirstOrDefault(static obligation => obligation.KindCase == Obligation.KindOneofCase.Approval)?.Approval is { } approval
            ? new JsonObjectBuilder()
                .Add("action_digest_b64u", approval.ActionDigestB64U)
                .Add("token_scope_hash_b64u", approval.TokenScopeHashB64U)
                .Add("policy_hash_b64u", approval.PolicyHashB64U)
                .Add("summary", approval.Summary)
                .Build()
            : null;
}
