using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Records;

/// <summary>The content of a document's record.</summary>
internal static class DocumentContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static byte[] Write(DocumentRecord record)
    {
        ContentLimits.ThrowUnlessText(record.DocumentType, ContentLimits.IdLengthMax, nameof(record.DocumentType));
        ContentLimits.ThrowUnlessText(record.Hash, ContentLimits.IdLengthMax, nameof(record.Hash));
        ContentLimits.ThrowUnlessEnvelope(record.Text.Span, nameof(record.Text));
        return ContentWriter.Write(record, static (json, document) =>
        {
            json.WriteString("document_type", document.DocumentType);
            json.WriteString("hash_b64u", document.Hash);
            json.WriteInstant("recorded_at", document.RecordedAt);
            json.WriteString("text", document.Text.Span);
        });
    }

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static DocumentRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new DocumentRecord
        {
            DocumentType = json.Text("document_type"),
            Hash = json.Text("hash_b64u"),
            RecordedAt = json.Instant("recorded_at"),
            Text = json.Utf8("text"),
        };
    }
}
