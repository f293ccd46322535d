using System.Collections.Immutable;

namespace ClawPdp.Ledger;

/// <summary>An answer to a question. Empty and <see langword="null"/> both mean that there is none.</summary>
public sealed record DecisionRecord
{
    /// <summary>Gets the decision's id.</summary>
    public required string DecisionId { get; init; }

    /// <summary>Gets when it was decided.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Gets when the first of several questions was decided that one record stands for; <see langword="null"/> for one question.</summary>
    public DateTimeOffset? FirstDecidedAt { get; init; }

    /// <summary>Gets how many questions the record stands for; more than one only of strangers, whose questions say nothing that could be held against anybody.</summary>
    public long QuestionCount { get; init; } = 1;

    /// <summary>Gets the effect's text: <c>ALLOW</c> or <c>DENY</c>.</summary>
    public required string Effect { get; init; }

    /// <summary>Gets the reason code's text.</summary>
    public required string ReasonCode { get; init; }

    /// <summary>Gets the SHA-256 of the token's text, lower-case hexadecimal.</summary>
    public string? TokenHash { get; init; }

    /// <summary>Gets the token scope hash, base64url.</summary>
    public string? TokenScopeHash { get; init; }

    /// <summary>Gets the tool asked for.</summary>
    public string? Tool { get; init; }

    /// <summary>Gets the model asked for.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the provider of the model asked for.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the host asked for.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the policy that was in force, base64url.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>Gets the run.</summary>
    public string? RunId { get; init; }

    /// <summary>Gets the hash of the event that the question was about, base64url.</summary>
    public string? EventHash { get; init; }

    /// <summary>Gets the hash of the action's arguments, base64url.</summary>
    public string? ArgumentsHash { get; init; }

    /// <summary>Gets the agent, the <c>sub</c> of a token whose signature held.</summary>
    public string? AgentDid { get; init; }

    /// <summary>Gets the audience that asked.</summary>
    public string? Audience { get; init; }

    /// <summary>Gets what the caller stated and the policy looks at: the text of one JSON object of strings.</summary>
    public string? StatedJson { get; init; }

    /// <summary>Gets the payload hash of the human approval that was used up for it, base64url.</summary>
    public string? ApprovalHash { get; init; }

    /// <summary>Gets the ids of the policy statements that decided, in policy order.</summary>
    public ImmutableArray<string> StatementIds { get; init; } = [];

    /// <summary>Gets the candidate that was asked beside the policy in force, base64url.</summary>
    public string? ShadowPolicyHash { get; init; }

    /// <summary>Gets the reason code's text of the candidate's answer.</summary>
    public string? ShadowReasonCode { get; init; }

    /// <summary>Gets the <c>traceparent</c> (W3C Trace Context) that the caller gave.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Gets the <c>tracestate</c> that the caller gave beside it.</summary>
    public string? TraceState { get; init; }

    /// <summary>Gets whether the answer waited for this record: <c>durable</c>, or <c>asynchronous</c> when it did not.</summary>
    public required string Mode { get; init; }
}
