using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Authoring.Replay;

/// <summary>Reads the content of a decision's record (docs/evidence.md section 1).</summary>
public static class RecordedDecisionReader
{
    /// <summary>The longest record that is read.</summary>
    public const int SizeMaxBytes = 1 << 17;

    /// <summary>Reads a record's content; <see langword="null"/> when it is not that of a decision.</summary>
    public static RecordedDecision? Read(ReadOnlySpan<byte> content) =>
        JsonReader.Parse(content, SizeMaxBytes).TryGet(out var json) ? Read(json) : null;

    private static RecordedDecision? Read(JsonValue json)
    {
        if (json.FindText("decision_id") is not { } decisionId
            || json.FindText("reason_code") is not { } reasonCode
            || !Rfc3339.TryParse(json.FindText("decided_at") ?? "", out var decidedAt))
        {
            return null;
        }

        return new RecordedDecision
        {
            DecisionId = decisionId,
            DecidedAt = decidedAt,
            ReasonCode = reasonCode,
            PolicyHash = json.FindText("policy_hash_b64u") ?? "",
            AgentDid = json.FindText("agent_did") ?? "",
            Tool = json.FindText("tool") ?? "",
            Model = json.FindText("model") ?? "",
            Provider = json.FindText("provider") ?? "",
            Host = json.FindText("host") ?? "",
            Stated = StatedOf(json.Find("stated")),
            HasHumanApproval = json.FindText("approval_hash_b64u") is not null,
        };
    }

    private static ImmutableDictionary<string, string> StatedOf(JsonValue? stated) =>
        (stated?.Members ?? []).ToImmutableDictionary(static member => member.Name, static member => member.Value.Text, StringComparer.Ordinal);
}
