using System.Text.Json;

namespace ClawPdp.Ledger.Records;

/// <summary>The content of an admin act's record.</summary>
internal static class ActContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static byte[] Write(ActRecord record)
    {
        ContentLimits.ThrowUnlessText(record.ActId, ContentLimits.IdLengthMax, nameof(record.ActId));
        ContentLimits.ThrowUnlessText(record.Operation, ContentLimits.IdLengthMax, nameof(record.Operation));
        ContentLimits.ThrowUnlessText(record.By, ContentLimits.TextLengthMax, nameof(record.By));
        ContentLimits.ThrowIfLonger(record.Target, ContentLimits.TextLengthMax, nameof(record.Target));
        ContentLimits.ThrowIfLonger(record.Reason, ContentLimits.TextLengthMax, nameof(record.Reason));
        ContentLimits.ThrowIfLonger(record.Listener, ContentLimits.IdLengthMax, nameof(record.Listener));
        ContentLimits.ThrowIfLonger(record.SpiffeId, ContentLimits.IdentityLengthMax, nameof(record.SpiffeId));
        ContentLimits.ThrowIfLonger(record.TokenName, ContentLimits.IdLengthMax, nameof(record.TokenName));
        ContentLimits.ThrowIfLonger(record.Address, ContentLimits.IdLengthMax, nameof(record.Address));
        ContentLimits.ThrowIfTraceIsLonger(record.TraceParent, record.TraceState);
        return ContentWriter.Write(record, static (json, act) =>
        {
            json.WriteString("act_id", act.ActId);
            json.WriteInstant("acted_at", act.ActedAt);
            json.WriteString("operation", act.Operation);
            json.WriteOptional("target", act.Target);
            json.WriteOptional("reason", act.Reason);
            json.WriteString("by", act.By);
            json.WriteOptional("listener", act.Listener);
            WriteNumber(json, "uid", act.UserId);
            WriteNumber(json, "pid", act.ProcessId);
            json.WriteOptional("spiffe_id", act.SpiffeId);
            json.WriteOptional("token_name", act.TokenName);
            json.WriteOptional("address", act.Address);
            json.WriteTrace(act.TraceParent, act.TraceState);
        });
    }

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static ActRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new ActRecord
        {
            ActId = json.Text("act_id"),
            ActedAt = json.Instant("acted_at"),
            Operation = json.Text("operation"),
            Target = json.OptionalText("target"),
            Reason = json.OptionalText("reason"),
            By = json.Text("by"),
            Listener = json.OptionalText("listener"),
            UserId = json.OptionalLongNumber("uid"),
            ProcessId = json.OptionalLongNumber("pid"),
            SpiffeId = json.OptionalText("spiffe_id"),
            TokenName = json.OptionalText("token_name"),
            Address = json.OptionalText("address"),
            TraceParent = json.OptionalText("traceparent"),
            TraceState = json.OptionalText("tracestate"),
        };
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
