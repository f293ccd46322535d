using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Records;

/// <summary>The content of the record that starts a run.</summary>
internal static class RunContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static void ThrowIfOutOfBounds(RunRecord record)
    {
        ContentLimits.ThrowUnlessText(record.RunId, ContentLimits.TextLengthMax, nameof(record.RunId));
        ContentLimits.ThrowUnlessText(record.AgentDid, ContentLimits.TextLengthMax, nameof(record.AgentDid));
        ContentLimits.ThrowUnlessText(record.TokenHash, ContentLimits.IdLengthMax, nameof(record.TokenHash));
    }

    public static byte[] Write(RunRecord record)
    {
        ThrowIfOutOfBounds(record);
        return ContentWriter.Write(record, static (json, run) =>
        {
            json.WriteString("run_id", run.RunId);
            json.WriteString("agent_did", run.AgentDid);
            json.WriteString("token_hash", run.TokenHash);
            json.WriteInstant("started_at", run.StartedAt);
        });
    }

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static RunRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new RunRecord
        {
            RunId = json.Text("run_id"),
            AgentDid = json.Text("agent_did"),
            TokenHash = json.Text("token_hash"),
            StartedAt = json.Instant("started_at"),
        };
    }
}
