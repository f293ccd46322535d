using System.Security.Cryptography;
using System.Text;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Tests;

/// <summary>Records to append.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Instant = new(2026, 1, 1, 12, 30, 15, 123, 456, TimeSpan.Zero);

    public static ReceiptRecord Receipt(string id, string? nonce = null, string scope = "agent|run", string request = "request", string? envelope = null, string? decision = "dec_1") =>
        new()
        {
            ReceiptId = id,
            ReceiptType = "tool_receipt",
            RunId = "run_1",
            Nonce = nonce ?? "nonce-" + id,
            IdempotencyScope = scope,
            RequestFingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(request)),
            EnvelopeJson = Encoding.UTF8.GetBytes(envelope ?? $$"""{"payload":{"receipt_id":"{{id}}"},"signature_b64u":"AAAA"}"""),
            PayloadHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
            TokenHash = new string('a', 64),
            DecisionId = decision,
            PolicyHash = "policy",
            SignedAt = Instant,
        };

    public static IssuanceRecord Issuance(string id, string tokenHash, string envelope = """{"payload":{}}""") =>
        new()
        {
            IssuanceId = id,
            TokenHash = tokenHash,
            TokenId = "jti-" + id,
            Subject = "did:key:z6MkAgent",
            OwnerRef = "owner",
            KeyId = "0123456789abcdef",
            PolicyHash = "policy",
            MissionId = "mission",
            TokenScopeHash = "scope",
            IssuedAt = Instant,
            ExpiresAt = Instant.AddMinutes(10),
            EnvelopeJson = Encoding.UTF8.GetBytes(envelope),
        };

    public static RevocationRecord Revocation(string id, string value = "jti-1", RevocationTargetKind kind = RevocationTargetKind.TokenId) =>
        new() { RevocationId = id, Kind = kind, Value = value, RevokedAt = Instant, Reason = "lost laptop", RevokedBy = "operator" };

    public static RefusalRecord Refusal(string operation = "SignReceipt") =>
        new() { RefusedAt = Instant, Operation = operation, ReasonCode = "TOOL_NOT_ALLOWED", TokenHash = new string('a', 64), DetailsJson = """{"tool":"argo-cd"}""" };

    public static DecisionRecord Decision(string id) =>
        new()
        {
            DecisionId = id,
            DecidedAt = Instant,
            Effect = "DENY",
            ReasonCode = "TOOL_NOT_ALLOWED",
            TokenHash = new string('a', 64),
            Tool = "argo-cd",
            Mode = "asynchronous",
        };

    /// <summary>Compares what is kept of two receipts, the envelope byte for byte.</summary>
    public static void AssertSame(ReceiptRecord expected, ReceiptRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Texts(expected), Texts(actual));
        Assert.Equal(expected.SignedAt, actual.SignedAt);
        Assert.Equal(expected.RequestFingerprint.ToArray(), actual.RequestFingerprint.ToArray());
        Assert.Equal(expected.EnvelopeJson.ToArray(), actual.EnvelopeJson.ToArray());
    }

    private static string?[] Texts(ReceiptRecord record) =>
    [
        record.ReceiptId,
        record.ReceiptType,
        record.RunId,
        record.Nonce,
        record.IdempotencyScope,
        record.PayloadHash,
        record.TokenHash,
        record.DecisionId,
    ];

    public static DocumentRecord Document(string type, string hash) =>
        new() { DocumentType = type, Hash = hash, RecordedAt = Instant, Text = "{}"u8.ToArray() };

    public static RunRecord Run(string id, string agent = "did:key:z6MkAgent") =>
        new() { RunId = id, AgentDid = agent, TokenHash = new string('a', 64), StartedAt = Instant };

    public static EventDraft Event(string id, string run = "run_1", string agent = "did:key:z6MkAgent", DateTimeOffset? at = null, string? token = null) => new()
    {
        RunId = run,
        EventId = id,
        EventType = "tool_call",
        Timestamp = "2026-01-01T12:30:15.123Z",
        PayloadHash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        AgentDid = agent,
        TokenHash = token ?? new string('a', 64),
        RecordedAt = at ?? Instant,
    };
}
