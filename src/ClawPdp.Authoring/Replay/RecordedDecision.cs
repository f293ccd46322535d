using System.Collections.Immutable;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Replay;

/// <summary>A decision that was recorded, as far as a policy can judge it again.</summary>
public sealed record RecordedDecision
{
    /// <summary>Gets the decision's id.</summary>
    public required string DecisionId { get; init; }

    /// <summary>Gets when it was decided.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Gets the reason code's text, <c>ALLOWED</c> for an allow.</summary>
    public required string ReasonCode { get; init; }

    /// <summary>Gets the hash of the policy that decided; empty for none.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Gets the agent; empty when no token was good.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets the tool; empty for none.</summary>
    public required string Tool { get; init; }

    /// <summary>Gets the model; empty for none.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the model's provider; empty for none.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the host; empty for none.</summary>
    public required string Host { get; init; }

    /// <summary>Gets what the caller stated of what the policy in force looked at.</summary>
    public required ImmutableDictionary<string, string> Stated { get; init; }

    /// <summary>Gets a value indicating whether a human's approval was used up for it.</summary>
    public required bool HasHumanApproval { get; init; }

    /// <summary>
    /// Gets a value indicating whether the decision came as far as the policy: an allow, or a denial by the policy's own reasons. What was
    /// denied before, for its token or scope, no policy changes.
    /// </summary>
    public bool IsForThePolicy => ReasonCode is "ALLOWED"
        or "POLICY_VIOLATION"
        or "POLICY_PROVIDER_NOT_ALLOWED"
        or "POLICY_MODEL_NOT_ALLOWED"
        or "POLICY_MODEL_IDENTITY_TIER_TOO_LOW"
        or "CAPABILITY_REQUIRES_APPROVAL"
        or "HUMAN_APPROVAL_EXPIRED";

    /// <summary>Gets the action in words.</summary>
    public string Action
    {
        get
        {
            string[] parts =
            [
                Tool.Length > 0 ? "tool " + Tool : "",
                Model.Length > 0 ? "model " + Model : "",
                Host.Length > 0 ? "host " + Host : "",
            ];
            return string.Join(", ", parts.Where(static part => part.Length > 0));
        }
    }

    /// <summary>Makes the question that was put to the policy.</summary>
    /// <returns>Whether the names are names, as they were when the policy was asked.</returns>
    public bool TryAsk(out PolicyQuestion question)
    {
        ToolName? tool = null;
        ModelName? model = null;
        HostName? host = null;
        var isReadable = (Tool.Length == 0 || ToolName.TryParse(Tool, out tool))
            && (Model.Length == 0 || ModelName.TryParse(Model, out model))
            && (Host.Length == 0 || HostName.TryParse(Host, out host));
        question = new PolicyQuestion
        {
            Tool = tool,
            Model = model,
            Host = host,
            Provider = Provider.Length > 0 ? Provider : null,
            AgentDid = AgentDid,
            At = DecidedAt,
            HasHumanApproval = HasHumanApproval,
            Stated = Stated,
        };
        return isReadable && (tool is not null || model is not null || host is not null);
    }
}
