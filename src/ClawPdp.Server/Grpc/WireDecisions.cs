using ClawPdp.Engine.Approvals;
using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Wire = ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Translates questions and answers between the wire contract and the engine.</summary>
internal static class WireDecisions
{
    private static readonly Duration NoAge = Duration.FromTimeSpan(TimeSpan.Zero);

    /// <summary>Reads a question; an empty field is one that was not asked.</summary>
    public static AskedAction Read(AuthorizeRequest request) => new()
    {
        Question = new Question
        {
            Token = request.Cst,
            Tool = request.Tool,
            Model = request.Model,
            Host = request.Host,
            PolicyHash = request.PolicyHash,
            Provider = request.Provider,
            Audience = request.Audience,
            RunId = request.RunId,
            EventHash = request.EventHashB64U,
            ArgumentsHash = request.ArgsHashB64U,
            Stated = StatedOf(request.Context),
            Approvals = ApprovalsOf(request.Approvals),
        },
        EventHash = request.EventHashB64U,
    };

    /// <summary>Reads what a caller states; <see langword="null"/> for nothing.</summary>
    public static IReadOnlyDictionary<string, string>? StatedOf(MapField<string, string> context) =>
        context.Count == 0 ? null : new Dictionary<string, string>(context, StringComparer.Ordinal);

    /// <summary>Reads the approvals that a caller gives.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> ApprovalsOf(RepeatedField<ByteString> approvals) =>
        approvals.Count == 0 ? [] : [.. approvals.Select(static approval => approval.Memory)];

    /// <summary>Writes an answer. Every field of a denial stands for itself: nothing is left at a value that could allow.</summary>
    public static AuthorizeResponse Write(RecordedDecision recorded, string requestId)
    {
        var decision = recorded.Decision;
        var isAllowed = decision.Effect == Core.Decisions.Effect.Allow;
        var response = new AuthorizeResponse
        {
            Effect = isAllowed ? Wire.Effect.Allow : Wire.Effect.Deny,
            ReasonCode = WireReasons.CodeOf(decision.Reason),
            ReasonClass = WireReasons.ClassOf(decision.Reason),
            Message = isAllowed ? "" : WireReasons.Bounded(decision.Message),
            DecisionId = recorded.DecisionId,
            TokenScopeHashB64U = decision.Token is { ScopeHashFault: null } token ? token.Claims.TokenScopeHash ?? "" : "",
            PolicyHashB64U = decision.Policy?.PolicyHash ?? "",
            PolicyVersion = recorded.PolicyLabel,
            CacheableUntil = decision.CacheableUntil is { } end ? Timestamp.FromDateTimeOffset(end) : null,
            Epoch = (ulong)decision.Epoch,
            RevocationViewAge = Duration.FromTimeSpan(decision.RevocationViewAge),
            KeyViewAge = NoAge,
            RequestId = requestId,
            RetryAfter = WireReasons.RetryAfter(decision.Reason),
            FailedDimension = (Wire.Dimension)(int)decision.Dimension,
            LogMode = LogModeOf(recorded.Log),
            DecidedAt = Timestamp.FromDateTimeOffset(recorded.DecidedAt),
        };
        response.StatementIds.AddRange(decision.StatementIds);
        if (ObligationOf(decision.Requirement) is { } obligation)
        {
            response.Obligations.Add(obligation);
        }

        return response;
    }

    /// <summary>
    /// Tells whether an answer allows from end to end. A door whose caller fulfils no obligation, or need not know one, takes what is allowed under one
    /// for a denial.
    /// </summary>
    public static bool IsWholeAllow(AuthorizeResponse answer) =>
        answer is { Effect: Wire.Effect.Allow, ReasonCode: Wire.ReasonCode.Allowed, Obligations.Count: 0 };

    /// <summary>Tells how a record is kept.</summary>
    public static LogMode LogModeOf(DecisionLogMode? mode) => mode switch
    {
        DecisionLogMode.Durable => LogMode.Durable,
        DecisionLogMode.Asynchronous => LogMode.Asynchronous,
        _ => LogMode.Unspecified,
    };

    /// <summary>Writes what a human would have to approve; <see langword="null"/> for nothing.</summary>
    public static Obligation? ObligationOf(ApprovalRequirement? requirement)
    {
        if (requirement is null)
        {
            return null;
        }

        var approval = new ApprovalObligation
        {
            ActionDigestB64U = requirement.ActionDigest,
            TokenScopeHashB64U = requirement.TokenScopeHash,
            PolicyHashB64U = requirement.PolicyHash,
            Summary = requirement.Summary,
        };
        approval.StatementIds.AddRange(requirement.StatementIds);
        return new Obligation { Approval = approval };
    }
}
