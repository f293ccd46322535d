using ClawPdp.Audit.Evidence;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;

namespace ClawPdp.Audit.Questions;

/// <summary>
/// Was what a key of receipts signed made before the key was revoked, and does the auditor believe it? The order is that of the log: whoever stole the
/// key writes whatever time he likes into a receipt, and can put none into the log.
/// </summary>
internal static class ReceiptKeyOf
{
    private const string Revoked = "RECEIPT_KEY_REVOKED";
    private const string Distrusted = "RECEIPT_KEY_DISTRUSTED";

    /// <summary>Finds what the keys of receipts signed and should not have.</summary>
    public static void Check(AuditCase subject, AnswerBuilder answer)
    {
        foreach (var (record, member) in Signed(subject))
        {
            Check(subject, record, KeyIdOf(record), record.Instant(member), record.When(member), answer);
        }

        foreach (var export in subject.File.Exports)
        {
            Check(subject, export, answer);
        }
    }

    /// <summary>Gives what was signed before its key was revoked, in words.</summary>
    public static IEnumerable<string> SignedBefore(AuditCase subject) =>
        from signed in Signed(subject)
        let keyId = KeyIdOf(signed.Record)
        let revocation = RevocationOf(subject, keyId)
        where revocation is not null && revocation.Sequence > signed.Record.Sequence
        select $"{signed.Record.When(signed.Member)} {signed.Record}: its key {keyId} was revoked later, at {revocation.When("revoked_at")} by {revocation}";

    private static IEnumerable<(AuditedRecord Record, string Member)> Signed(AuditCase subject) =>
        subject.Receipts.Select(static receipt => (receipt, "signed_at")).Concat(subject.Of(RecordKinds.Issuance).Select(static issuance => (issuance, "issued_at")));

    private static string KeyIdOf(AuditedRecord record) => KeyIdOf(record.Envelope.Value.FindText("signer_did"));

    private static string KeyIdOf(string? did) => DidKey.TryDecode(did, out var key) ? KeyId.Of(key) : "";

    private static AuditedRecord? RevocationOf(AuditCase subject, string keyId) => subject.Of(RecordKinds.Revocation).FirstOrDefault(revocation =>
        revocation.Number("kind") == RevocationKinds.KeyId && string.Equals(revocation.Text("value"), keyId, StringComparison.Ordinal));

    private static bool IsDistrusted(AuditCase subject, string keyId, DateTimeOffset? at) => subject.Distrusted.Any(key =>
        string.Equals(key.KeyId, keyId, StringComparison.Ordinal) && (key.Since is null || at is null || at >= key.Since));

    private static void Check(AuditCase subject, AuditedRecord record, string keyId, DateTimeOffset? at, string when, AnswerBuilder answer)
    {
        if (RevocationOf(subject, keyId) is { } revocation && revocation.Sequence < record.Sequence)
        {
            answer.Fail(Revoked, $"{record} was signed at {when} with the key {keyId}, which {revocation} had revoked", record.Sequence);
        }
        else if (IsDistrusted(subject, keyId, at))
        {
            answer.Fail(Distrusted, $"{record} was signed at {when} with the key {keyId}, which you do not believe then", record.Sequence);
        }
    }

    // An export is made after everything that is in it, a revocation of its key among it.
    private static void Check(AuditCase subject, JsonValue export, AnswerBuilder answer)
    {
        var keyId = KeyIdOf(export.FindText("issuer_did"));
        var when = export.FindText("created_at") ?? "";
        if (RevocationOf(subject, keyId) is { } revocation)
        {
            answer.Fail(Revoked, $"the export was signed at {when} with the key {keyId}, which {revocation} had revoked");
        }
        else if (IsDistrusted(subject, keyId, Rfc3339.TryParse(when, out var instant) ? instant : null))
        {
            answer.Fail(Distrusted, $"the export was signed at {when} with the key {keyId}, which you do not believe then");
        }
    }
}
