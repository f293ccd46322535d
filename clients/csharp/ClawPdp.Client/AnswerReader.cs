using System.Globalization;
using ClawPdp.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Catalog = ClawPdp.Core.Decisions;

namespace ClawPdp.Client;

/// <summary>Reads what came back. Only an answer that says ALLOW, and is whole, allows.</summary>
internal static class AnswerReader
{
    /// <summary>The wait before asking again where the sidecar says nothing.</summary>
    public static readonly TimeSpan RetryDefault = TimeSpan.FromSeconds(1);

    private const string PushbackName = "grpc-retry-pushback-ms";
    private const int TextMax = 512;
    private const int DecisionIdMax = 64;

    /// <summary>Reads an answer. What it does not know, or what contradicts itself, is a denial.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="requestId">The question's own id.</param>
    /// <param name="secret">The token, which the other side could send back.</param>
    public static AuthorizationDecision Read(AuthorizeResponse answer, string requestId, string secret)
    {
        if (!string.Equals(answer.RequestId, requestId, StringComparison.Ordinal))
        {
            return Contradict("the answer is to another question");
        }

        var decision = Frame(answer);
        switch (answer.Effect)
        {
            case Effect.Deny when answer.ReasonCode == ReasonCode.Allowed:
                return Contradict("a denial whose reason is that it is allowed");
            case Effect.Deny:
                return decision with
                {
                    Reason = NameOf(answer.ReasonCode),
                    ReasonClass = ClassOf(answer.ReasonClass),
                    Message = Bounded(Without(secret, answer.Message)),
                    RetryAfter = RetryOf(ClassOf(answer.ReasonClass), answer.RetryAfter),
                };
            case Effect.Allow when FaultOf(answer) is { } fault:
                return Contradict(fault);
            case Effect.Allow when answer.Obligations.Count > 0:
                return decision with { Reason = ClientReasons.Obligation, Message = "allowed under an obligation that this client cannot fulfil", CacheableUntil = null };
            case Effect.Allow:
                return decision with { IsAllowed = true, Reason = "ALLOWED", ReasonClass = DenialClass.None };
            default:
                return Contradict("the answer has no effect that is known");
        }
    }

    /// <summary>Reads a refusal.</summary>
    public static AuthorizationDecision Read(Refusal refusal, string secret) => new()
    {
        Reason = NameOf(refusal.ReasonCode),
        ReasonClass = ClassOf(refusal.ReasonClass),
        Message = Bounded(Without(secret, refusal.Field.Length > 0 ? $"{refusal.Message} ({refusal.Field})" : refusal.Message)),
        RetryAfter = RetryOf(ClassOf(refusal.ReasonClass), refusal.RetryAfter),
    };

    /// <summary>Reads a call that gave no answer.</summary>
    /// <param name="failure">What came in its place.</param>
    /// <param name="secret">The token, which the other side could send back.</param>
    public static AuthorizationDecision Read(RpcException failure, string secret)
    {
        if (failure.Status.DebugException is HolderProofException unproven)
        {
            return AuthorizationDecision.Deny(ClientReasons.NoProof, DenialClass.Structural, unproven.Message) with { Status = failure.StatusCode };
        }

        // The library takes bytes that are no message for a connection that broke; but no further try would mend them.
        var status = failure.Status.DebugException is InvalidProtocolBufferException ? StatusCode.Internal : failure.StatusCode;
        var (reason, reasonClass) = status switch
        {
            StatusCode.Cancelled => (ClientReasons.Cancelled, DenialClass.Transient),
            StatusCode.DeadlineExceeded => (ClientReasons.Deadline, DenialClass.Transient),
            StatusCode.Unavailable => (ClientReasons.Unavailable, DenialClass.Transient),
            StatusCode.ResourceExhausted when PushbackOf(failure) is not null => (ClientReasons.Overloaded, DenialClass.Transient),
            StatusCode.ResourceExhausted => (ClientReasons.Limit, DenialClass.Structural),
            StatusCode.InvalidArgument => (ClientReasons.RequestInvalid, DenialClass.Structural),
            _ => (ClientReasons.Protocol, DenialClass.Structural),
        };
        return AuthorizationDecision.Deny(reason, reasonClass, Bounded(Without(secret, $"no answer: {status}: {failure.Status.Detail}")), PushbackOf(failure)) with { Status = status };
    }

    /// <summary>Makes the denial of an answer that is none.</summary>
    public static AuthorizationDecision Contradict(string message) => AuthorizationDecision.Deny(ClientReasons.Protocol, DenialClass.Structural, message);

    private static AuthorizationDecision Frame(AuthorizeResponse answer) => new()
    {
        ReasonNumber = (int)answer.ReasonCode,
        DecisionId = answer.DecisionId.Length <= DecisionIdMax ? answer.DecisionId : answer.DecisionId[..DecisionIdMax],
        CacheableUntil = TimeOf(answer.CacheableUntil),
        DecidedAt = TimeOf(answer.DecidedAt),
        Epoch = answer.Epoch,
        PolicyHash = answer.PolicyHashB64U,
        TokenScopeHash = answer.TokenScopeHashB64U,
        StatementIds = [.. answer.StatementIds],
        Obligations = [.. answer.Obligations],
        IsDurable = answer.LogMode == LogMode.Durable,
    };

    private static string? FaultOf(AuthorizeResponse answer)
    {
        if (answer.ReasonCode != ReasonCode.Allowed || answer.ReasonClass != ReasonClass.Unspecified)
        {
            return "an allow with the reason of a denial";
        }

        if (answer.DecisionId.Length is 0 or > DecisionIdMax)
        {
            return "an allow without a decision id";
        }

        if (answer.Epoch == 0)
        {
            return "an allow without an epoch";
        }

        var isTimeless = (answer.CacheableUntil is { } until && TimeOf(until) is null) || (answer.DecidedAt is { } decided && TimeOf(decided) is null);
        return isTimeless ? "an allow with a time that is none" : null;
    }

    private static DateTimeOffset? TimeOf(Timestamp? time)
    {
        try
        {
            return time?.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static TimeSpan? RetryOf(DenialClass reasonClass, Duration? given)
    {
        if (reasonClass != DenialClass.Transient)
        {
            return null;
        }

        try
        {
            return given?.ToTimeSpan() is { } wait && wait >= TimeSpan.Zero ? wait : RetryDefault;
        }
        catch (InvalidOperationException)
        {
            return RetryDefault;
        }
    }

    private static TimeSpan? PushbackOf(RpcException failure) =>
        failure.StatusCode == StatusCode.ResourceExhausted
            && int.TryParse(failure.Trailers.GetValue(PushbackName), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private static string NameOf(ReasonCode code)
    {
        var number = (int)code;
        return System.Enum.IsDefined((Catalog.ReasonCode)number)
            ? Catalog.ReasonCatalog.NameOf((Catalog.ReasonCode)number)
            : string.Create(CultureInfo.InvariantCulture, $"REASON_CODE_{number}");
    }

    private static DenialClass ClassOf(ReasonClass reasonClass) => reasonClass switch
    {
        ReasonClass.Requestable => DenialClass.Requestable,
        ReasonClass.Reissue => DenialClass.Reissue,
        ReasonClass.Transient => DenialClass.Transient,
        _ => DenialClass.Structural,
    };

    private static string Without(string secret, string text) => secret.Length > 0 ? text.Replace(secret, "[token]", StringComparison.Ordinal) : text;

    private static string Bounded(string text) => text.Length <= TextMax ? text : text[..TextMax];
}
