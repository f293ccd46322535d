using System.Globalization;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Audit.Questions;

/// <summary>Was anything reported when the token did not count?</summary>
internal static class TimeQuestion
{
    public const string Id = "time";
    public const string Text = "Was everything reported while its token was good?";

    private const int PolicyHashKind = 6;

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        foreach (var receipt in subject.Receipts)
        {
            Check(subject, receipt, answer);
        }

        foreach (var issuance in subject.Of(RecordKinds.Issuance))
        {
            answer.Show("token", $"issued {Write(issuance.Payload, "iat")}, expires {Write(issuance.Payload, "exp")}");
        }

        foreach (var revocation in subject.Of(RecordKinds.Revocation))
        {
            answer.Show("revocation", $"{revocation.When("revoked_at")}, {revocation}");
        }

        return answer.Build(Id, Text, $"all {subject.Receipts.Length} receipts were made after their token was issued, before it expired, and before any revocation");
    }

    /// <summary>Says when a receipt was made though its token did not count then; <see langword="null"/> when it counted.</summary>
    public static (string Code, string Message)? FaultOf(AuditCase subject, AuditedRecord receipt)
    {
        if (subject.IssuanceOf(receipt) is not { } issuance)
        {
            return null;
        }

        if (!Rfc3339.TryParse(receipt.Payload.FindText("timestamp"), out var time) || receipt.Instant("signed_at") is not { } signedAt
            || time.ToUnixTimeMilliseconds() != signedAt.ToUnixTimeMilliseconds())
        {
            return ("RECEIPT_TIME_DIFFERS", $"{receipt} was not recorded at the time that the receipt states");
        }

        if (time.ToUnixTimeSeconds() < Seconds(issuance.Payload, "iat"))
        {
            return ("REPORTED_BEFORE_ISSUANCE", $"{receipt} is older than its token");
        }

        if (time.ToUnixTimeSeconds() >= Seconds(issuance.Payload, "exp"))
        {
            return ("REPORTED_AFTER_EXPIRY", $"{receipt} was reported after its token had expired");
        }

        var revocation = subject.Of(RecordKinds.Revocation).FirstOrDefault(revocation =>
            revocation.Sequence < receipt.Sequence && (subject.LineageOf(issuance).Any(token => Covers(revocation, token)) || CoversPolicy(subject, revocation, receipt)));
        return revocation is null ? null : ("REPORTED_AFTER_REVOCATION", $"{receipt} was reported after its token, one that it came from, or its policy was revoked by {revocation}");
    }

    /// <summary>Says that a receipt's token was signed by a key that was revoked afterwards; <see langword="null"/> when it was not. The log shows which came first.</summary>
    public static string? DoubtOf(AuditCase subject, AuditedRecord receipt)
    {
        if (subject.IssuanceOf(receipt) is not { } issuance)
        {
            return null;
        }

        var revocation = subject.Of(RecordKinds.Revocation).FirstOrDefault(revocation =>
            revocation.Number("kind") == RevocationKinds.KeyId && revocation.Sequence > receipt.Sequence && subject.LineageOf(issuance).Any(token => Covers(revocation, token)));
        return revocation is null ? null : $"{receipt}: the key of its token was revoked at {revocation.When("revoked_at")} by {revocation}";
    }

    private static void Check(AuditCase subject, AuditedRecord receipt, AnswerBuilder answer)
    {
        if (subject.IssuanceOf(receipt) is null)
        {
            answer.Miss("ISSUANCE_MISSING", $"the token of {receipt} is not known", receipt.Sequence);
        }
        else if (FaultOf(subject, receipt) is var (code, message))
        {
            answer.Fail(code, message, receipt.Sequence);
        }
    }

    // The kinds are those of docs/evidence.md section 1.
    private static bool Covers(AuditedRecord revocation, AuditedRecord issuance)
    {
        var value = revocation.Text("value");
        var payload = issuance.Payload;
        return revocation.Number("kind") switch
        {
            1 => Same(value, issuance.Text("token_hash")),
            2 => Same(value, payload.FindText("jti")),
            3 => Same(value, payload.FindText("sub")),
            4 => Same(value, payload.FindText("owner_ref")) || Same(value, payload.FindText("owner_did")),
            RevocationKinds.KeyId => Same(value, payload.FindText("kid")),
            6 => Same(value, payload.FindText("policy_hash_b64u")),
            7 => Same(value, payload.FindText("mission_id")),
            8 => long.TryParse(value, CultureInfo.InvariantCulture, out var instant) && Seconds(payload, "iat") < instant,

            // One that is not known covers everything: it is not ours to say that it does not.
            _ => true,
        };
    }

    // A policy is allowed by nothing that inherits from it either, once it is revoked.
    private static bool CoversPolicy(AuditCase subject, AuditedRecord revocation, AuditedRecord receipt)
    {
        if (revocation.Number("kind") != PolicyHashKind)
        {
            return false;
        }

        var hash = receipt.Text("policy_hash_b64u");
        for (var left = PolicyChain.LinkCountMax; left > 0 && hash.Length > 0; left--)
        {
            if (Same(hash, revocation.Text("value")))
            {
                return true;
            }

            hash = subject.ParentPolicyOf(hash);
        }

        return false;
    }

    private static bool Same(string value, string? claim) => string.Equals(value, claim, StringComparison.Ordinal);

    private static long Seconds(JsonValue payload, string name) => (long)(payload.Find(name)?.Number ?? 0);

    private static string Write(JsonValue payload, string name) => Rfc3339.Format(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(Seconds(payload, name), 0, 253_402_300_799)));
}
