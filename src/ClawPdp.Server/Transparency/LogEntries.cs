using System.Text.Json;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Transparency;

/// <summary>Makes the log's entries from the ledger's records (docs/evidence.md section 2): one each, decisions in batches.</summary>
internal static class LogEntries
{
    /// <summary>Gives the name of a kind of record, as entries and evidence have it.</summary>
    public static string NameOf(RecordKind kind) => kind switch
    {
        RecordKind.Receipt => "receipt",
        RecordKind.Issuance => "issuance",
        RecordKind.Revocation => "revocation",
        RecordKind.Refusal => "refusal",
        RecordKind.Decision => "decision",
        RecordKind.Document => "document",
        RecordKind.Run => "run",
        RecordKind.Event => "event",
        RecordKind.Seal => "seal",
        RecordKind.Activation => "activation",
        RecordKind.Prune => "prune",
        RecordKind.Act => "act",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), "no such kind of record"),
    };

    /// <summary>Gives the entries of records that follow each other.</summary>
    public static List<LogEntry> Make(IReadOnlyList<LedgerRecord> records)
    {
        var maker = new LogEntryMaker();
        maker.Add(records);
        return maker.Finish();
    }

    /// <summary>Gives the entry of one record that is no decision.</summary>
    public static LogEntry EntryOf(LedgerRecord record) => new()
    {
        Kind = NameOf(record.Kind),
        FirstSequence = record.Sequence,
        LastSequence = record.Sequence,
        Hash = Base64UrlText.Encode(record.Hash.Span),
        PayloadHash = PayloadHashOf(record),
    };

    private static string? PayloadHashOf(LedgerRecord record)
    {
        if (record.Kind is not (RecordKind.Receipt or RecordKind.Issuance))
        {
            return null;
        }

        var envelope = FindText(record.Content.Span, "envelope"u8) ?? throw Damaged();
        return FindText(System.Text.Encoding.UTF8.GetBytes(envelope), "payload_hash_b64u"u8) ?? throw Damaged();
    }

    // What is read was written by the ledger and holds by its hash: one member is looked for, and the rest is passed over.
    private static string? FindText(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                {
                    continue;
                }

                var isSought = reader.ValueTextEquals(name);
                reader.Skip();
                if (isSought)
                {
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (JsonException)
        {
            throw Damaged();
        }

        return null;
    }

    private static LedgerException Damaged() => new(LedgerFault.Corrupt, "a record in the ledger cannot be read");
}
