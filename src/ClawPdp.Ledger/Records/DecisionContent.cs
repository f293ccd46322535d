using ClawPdp.Core.Json;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Records;

/// <summary>The content of a decision's record.</summary>
internal static class DecisionContent
{
    // A question within the wire's limits always fits: 512 statement ids of 128 characters, 32 stated values of 512 with their keys.
    private const int LengthMax = 131_072;

    /// <summary>Tells whether the texts are 131,072 characters together at most, and what was stated is a JSON object.</summary>
    public static bool IsWithinLimits(DecisionRecord record) => LengthOf(record) <= LengthMax && (record.StatedJson is not { Length: > 0 } stated || IsObject(stated));

    /// <exception cref="ArgumentException">The texts are longer than that.</exception>
    public static void ThrowIfTooLong(DecisionRecord record)
    {
        if (!IsWithinLimits(record))
        {
            throw new ArgumentException("the decision is too long", nameof(record));
        }
    }

    /// <exception cref="ArgumentException">The document is no approval, or the decision names another one.</exception>
    public static void ThrowUnlessRestingOn(DecisionRecord record, DocumentRecord approval)
    {
        if (!string.Equals(record.ApprovalHash, approval.Hash, StringComparison.Ordinal) || approval.DocumentType is not DocumentRecord.HumanApproval)
        {
            throw new ArgumentException("the decision does not rest on this approval", nameof(approval));
        }
    }

    /// <summary>Writes the content; what is no valid UTF-16 becomes U+FFFD.</summary>
    public static byte[] Write(DecisionRecord record) =>
        ContentWriter.Write(record, static (json, decision) =>
        {
            json.WriteString("decision_id", decision.DecisionId);
            json.WriteInstant("decided_at", decision.DecidedAt);
            if (decision.FirstDecidedAt is { } first)
            {
                json.WriteInstant("first_decided_at", first);
                json.WriteNumber("question_count", decision.QuestionCount);
            }

            json.WriteString("effect", decision.Effect);
            json.WriteString("reason_code", decision.ReasonCode);
            json.WriteOptional("token_hash", decision.TokenHash);
            json.WriteOptional("token_scope_hash_b64u", decision.TokenScopeHash);
            json.WriteOptional("tool", decision.Tool);
            json.WriteOptional("model", decision.Model);
            json.WriteOptional("provider", decision.Provider);
            json.WriteOptional("host", decision.Host);
            json.WriteOptional("policy_hash_b64u", decision.PolicyHash);
            json.WriteOptional("run_id", decision.RunId);
            json.WriteOptional("event_hash_b64u", decision.EventHash);
            json.WriteOptional("args_hash_b64u", decision.ArgumentsHash);
            json.WriteOptional("agent_did", decision.AgentDid);
            json.WriteOptional("audience", decision.Audience);
            json.WriteObject("stated", decision.StatedJson);
            json.WriteOptional("approval_hash_b64u", decision.ApprovalHash);
            json.WriteTexts("statement_ids", decision.StatementIds);
            if (!string.IsNullOrEmpty(decision.ShadowPolicyHash))
            {
                json.WriteStartObject("shadow");
                json.WriteString("policy_hash_b64u", decision.ShadowPolicyHash);
                json.WriteOptional("reason_code", decision.ShadowReasonCode);
                json.WriteEndObject();
            }

            json.WriteTrace(decision.TraceParent, decision.TraceState);
            json.WriteString("mode", decision.Mode);
        });

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static DecisionRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        var first = json.OptionalInstant("first_decided_at");
        return new DecisionRecord
        {
            DecisionId = json.Text("decision_id"),
            DecidedAt = json.Instant("decided_at"),
            FirstDecidedAt = first,
            QuestionCount = first is null ? 1 : json.LongNumber("question_count"),
            Effect = json.Text("effect"),
            ReasonCode = json.Text("reason_code"),
            TokenHash = json.OptionalText("token_hash"),
            TokenScopeHash = json.OptionalText("token_scope_hash_b64u"),
            Tool = json.OptionalText("tool"),
            Model = json.OptionalText("model"),
            Provider = json.OptionalText("provider"),
            Host = json.OptionalText("host"),
            PolicyHash = json.OptionalText("policy_hash_b64u"),
            RunId = json.OptionalText("run_id"),
            EventHash = json.OptionalText("event_hash_b64u"),
            ArgumentsHash = json.OptionalText("args_hash_b64u"),
            AgentDid = json.OptionalText("agent_did"),
            Audience = json.OptionalText("audience"),
            StatedJson = json.OptionalObject("stated"),
            ApprovalHash = json.OptionalText("approval_hash_b64u"),
            StatementIds = json.Texts("statement_ids"),
            ShadowPolicyHash = json.OptionalText("shadow", "policy_hash_b64u"),
            ShadowReasonCode = json.OptionalText("shadow", "reason_code"),
            TraceParent = json.OptionalText("traceparent"),
            TraceState = json.OptionalText("tracestate"),
            Mode = json.Text("mode"),
        };
    }

    private static long LengthOf(DecisionRecord record) =>
        (long)record.DecisionId.Length
            + record.Effect.Length
            + record.ReasonCode.Length
            + record.Mode.Length
            + LengthOf(record.TokenHash)
            + LengthOf(record.TokenScopeHash)
            + LengthOf(record.Tool)
            + LengthOf(record.Model)
            + LengthOf(record.Provider)
            + LengthOf(record.Host)
            + LengthOf(record.PolicyHash)
            + LengthOf(record.RunId)
            + LengthOf(record.EventHash)
            + LengthOf(record.ArgumentsHash)
            + LengthOf(record.AgentDid)
            + LengthOf(record.Audience)
            + LengthOf(record.StatedJson)
            + LengthOf(record.ApprovalHash)
            + LengthOf(record.ShadowPolicyHash)
            + LengthOf(record.ShadowReasonCode)
            + LengthOf(record.TraceParent)
            + LengthOf(record.TraceState)
            + record.StatementIds.Sum(static id => (long)id.Length);

    private static bool IsObject(string text) => JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), LengthMax * 3) is { IsValid: true, Value.Kind: JsonKind.Object };

    private static int LengthOf(string? text) => text?.Length ?? 0;
}
