using System.Collections.Immutable;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Client;

/// <summary>The answer to one question. A new one is a denial.</summary>
public sealed record AuthorizationDecision
{
    /// <summary>Gets a value indicating whether the action may be done.</summary>
    public bool IsAllowed { get; internal init; }

    /// <summary>Gets the reason: a code of docs/reason-codes.md, or one of <see cref="ClientReasons"/>; <c>ALLOWED</c> where it is allowed.</summary>
    public string Reason { get; internal init; } = ClientReasons.Protocol;

    /// <summary>Gets what can be done about it.</summary>
    public DenialClass ReasonClass { get; internal init; } = DenialClass.Structural;

    /// <summary>Gets the reason in words, for people only; empty where it is allowed.</summary>
    public string Message { get; internal init; } = "";

    /// <summary>Gets the id of the decision's record; empty where there is none.</summary>
    public string DecisionId { get; internal init; } = "";

    /// <summary>Gets how long to wait before asking again, of a transient denial.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Gets until when the answer may be taken again; <see langword="null"/>: not at all.</summary>
    public DateTimeOffset? CacheableUntil { get; internal init; }

    /// <summary>Gets when it was decided, by the sidecar's clock.</summary>
    public DateTimeOffset? DecidedAt { get; internal init; }

    /// <summary>Gets the state that the answer rests on; 0 where no answer came.</summary>
    public ulong Epoch { get; internal init; }

    /// <summary>Gets the hash of the active policy; empty where it was not looked at.</summary>
    public string PolicyHash { get; internal init; } = "";

    /// <summary>Gets the token's scope hash; empty where it was not verified.</summary>
    public string TokenScopeHash { get; internal init; } = "";

    /// <summary>Gets the statements of the policy that decided.</summary>
    public ImmutableArray<string> StatementIds { get; internal init; } = [];

    /// <summary>Gets what a human would have to approve, or the caller to fulfil, for another answer.</summary>
    public ImmutableArray<Obligation> Obligations { get; internal init; } = [];

    /// <summary>Gets a value indicating whether the record was on disk when the answer left.</summary>
    public bool IsDurable { get; internal init; }

    /// <summary>Gets a value indicating whether it is the answer to an earlier, equal question, which is still good.</summary>
    public bool IsCached { get; internal init; }

    /// <summary>Gets the number of the reason in the wire contract; 0 where no answer came.</summary>
    public int ReasonNumber { get; internal init; }

    /// <summary>Gets the status of gRPC that came in place of an answer; <see cref="StatusCode.OK"/> where one came, or none was asked for.</summary>
    public StatusCode Status { get; internal init; }

    /// <summary>Does nothing where the action is allowed.</summary>
    /// <exception cref="AuthorizationDeniedException">It is not.</exception>
    public void ThrowIfDenied()
    {
        if (!IsAllowed)
        {
            throw new AuthorizationDeniedException(this);
        }
    }

    /// <summary>Makes a denial of the client's own.</summary>
    internal static AuthorizationDecision Deny(string reason, DenialClass reasonClass, string message, TimeSpan? retryAfter = null) => new()
    {
        Reason = reason,
        ReasonClass = reasonClass,
        Message = message,
        RetryAfter = retryAfter ?? (reasonClass == DenialClass.Transient ? AnswerReader.RetryDefault : null),
    };
}
