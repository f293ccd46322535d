namespace ClawPdp.Ledger.Records;

/// <summary>The content of a refusal's record.</summary>
internal static class RefusalContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static byte[] Write(RefusalRecord record)
    {
        ContentLimits.ThrowUnlessText(record.Operation, ContentLimits.IdLengthMax, nameof(record.Operation));
        ContentLimits.ThrowUnlessText(record.ReasonCode, ContentLimits.IdLengthMax, nameof(record.ReasonCode));
        ContentLimits.ThrowIfLonger(record.TokenHash, ContentLimits.IdLengthMax, nameof(record.TokenHash));
        ContentLimits.ThrowIfLonger(record.RunId, ContentLimits.TextLengthMax, nameof(record.RunId));
        ContentLimits.ThrowIfLonger(record.AgentDid, ContentLimits.TextLengthMax, nameof(record.AgentDid));
        ContentLimits.ThrowIfLonger(record.DetailsJson, ContentLimits.DetailsLengthMax, nameof(record.DetailsJson));
        ContentLimits.ThrowIfTraceIsLonger(record.TraceParent, record.TraceState);
        return ContentWriter.Write(record, static (json, refusal) =>
        {
            json.WriteInstant("refused_at", refusal.RefusedAt);
            json.WriteString("operation", refusal.Operation);
            json.WriteString("reason_code", refusal.ReasonCode);
            json.WriteOptional("token_hash", refusal.TokenHash);
            json.WriteOptional("run_id", refusal.RunId);
            json.WriteOptional("agent_did", refusal.AgentDid);
            json.WriteOptional("details", refusal.DetailsJson);
            json.WriteTrace(refusal.TraceParent, refusal.TraceState);
        });
    }

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static RefusalRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new RefusalRecord
        {
            RefusedAt = json.Instant("refused_at"),
            Operation = json.Text("operation"),
            ReasonCode = json.Text("reason_code"),
            TokenHash = json.OptionalText("token_hash"),
            RunId = json.OptionalText("run_id"),
            AgentDid = json.OptionalText("agent_did"),
            DetailsJson = json.OptionalText("details"),
            TraceParent = json.OptionalText("traceparent"),
            TraceState = json.OptionalText("tracestate"),
        };
    }
}
