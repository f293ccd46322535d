using System.Security.Cryptography;

namespace ClawPdp.Ledger.Records;

/// <summary>The content of a receipt's record.</summary>
internal static class ReceiptContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static byte[] Write(ReceiptRecord record)
    {
        ContentLimits.ThrowUnlessText(record.ReceiptId, ContentLimits.IdLengthMax, nameof(record.ReceiptId));
        ContentLimits.ThrowUnlessText(record.ReceiptType, ContentLimits.IdLengthMax, nameof(record.ReceiptType));
        ContentLimits.ThrowUnlessText(record.RunId, ContentLimits.TextLengthMax, nameof(record.RunId));
        ContentLimits.ThrowUnlessText(record.Nonce, ContentLimits.IdLengthMax, nameof(record.Nonce));
        ContentLimits.ThrowUnlessText(record.IdempotencyScope, ContentLimits.TextLengthMax, nameof(record.IdempotencyScope));
        ContentLimits.ThrowUnlessText(record.PayloadHash, ContentLimits.IdLengthMax, nameof(record.PayloadHash));
        ContentLimits.ThrowUnlessText(record.TokenHash, ContentLimits.IdLengthMax, nameof(record.TokenHash));
        ContentLimits.ThrowIfLonger(record.DecisionId, ContentLimits.IdLengthMax, nameof(record.DecisionId));
        foreach (var text in (ReadOnlySpan<string?>)[record.Tool, record.Model, record.Provider, record.Host, record.PolicyHash])
        {
            ContentLimits.ThrowIfLonger(text, ContentLimits.TextLengthMax, nameof(record));
        }

        ContentLimits.ThrowIfLonger(record.StatedJson, ContentLimits.DetailsLengthMax, nameof(record.StatedJson));
        ContentLimits.ThrowIfTraceIsLonger(record.TraceParent, record.TraceState);
        ContentLimits.ThrowUnlessEnvelope(record.EnvelopeJson.Span, nameof(record.EnvelopeJson));
        if (record.RequestFingerprint.Length != SHA256.HashSizeInBytes)
        {
            throw new ArgumentException("`RequestFingerprint` must be 32 bytes", nameof(record));
        }

        return ContentWriter.Write(record, static (json, receipt) =>
        {
            json.WriteString("receipt_id", receipt.ReceiptId);
            json.WriteString("receipt_type", receipt.ReceiptType);
            json.WriteString("run_id", receipt.RunId);
            json.WriteString("nonce", receipt.Nonce);
            json.WriteString("idempotency_scope", receipt.IdempotencyScope);
            json.WriteBase64String("request_fingerprint", receipt.RequestFingerprint.Span);
            json.WriteString("payload_hash_b64u", receipt.PayloadHash);
            json.WriteString("token_hash", receipt.TokenHash);
            json.WriteOptional("decision_id", receipt.DecisionId);
            json.WriteOptional("tool", receipt.Tool);
            json.WriteOptional("model", receipt.Model);
            json.WriteOptional("provider", receipt.Provider);
            json.WriteOptional("host", receipt.Host);
            json.WriteOptional("policy_hash_b64u", receipt.PolicyHash);
            json.WriteObject("stated", receipt.StatedJson);
            json.WriteTrace(receipt.TraceParent, receipt.TraceState);
            json.WriteInstant("signed_at", receipt.SignedAt);
            json.WriteString("envelope", receipt.EnvelopeJson.Span);
        });
    }

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static ReceiptRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new ReceiptRecord
        {
            ReceiptId = json.Text("receipt_id"),
            ReceiptType = json.Text("receipt_type"),
            RunId = json.Text("run_id"),
            Nonce = json.Text("nonce"),
            IdempotencyScope = json.Text("idempotency_scope"),
            RequestFingerprint = json.Base64("request_fingerprint"),
            PayloadHash = json.Text("payload_hash_b64u"),
            TokenHash = json.Text("token_hash"),
            DecisionId = json.OptionalText("decision_id"),
            Tool = json.OptionalText("tool"),
            Model = json.OptionalText("model"),
            Provider = json.OptionalText("provider"),
            Host = json.OptionalText("host"),
            PolicyHash = json.OptionalText("policy_hash_b64u"),
            StatedJson = json.OptionalObject("stated"),
            TraceParent = json.OptionalText("traceparent"),
            TraceState = json.OptionalText("tracestate"),
            SignedAt = json.Instant("signed_at"),
            EnvelopeJson = json.Utf8("envelope"),
        };
    }
}
