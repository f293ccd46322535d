using System.Collections.Immutable;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Audit.Questions;

/// <summary>Which user, in which groups, let the agent act?</summary>
internal static class IdentityQuestion
{
    public const string Id = "identity";
    public const string Text = "Which user, in which groups, let the agent act?";

    // What stands in the record and in its signed envelope under the same name.
    private static readonly ImmutableArray<string> Shared =
        ["issuance_id", "token_hash", "sub", "jti", "kid", "owner_ref", "policy_hash_b64u", "mission_id", "token_scope_hash_b64u"];

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        var users = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var issuance in subject.Of(RecordKinds.Issuance))
        {
            CheckIssuance(subject, issuance, answer);
            answer.Show("issuance", $"{issuance.Text("issuance_id")}, {issuance}");
            if (issuance.Payload.Find("identity") is not { } identity)
            {
                continue;
            }

            users.Add($"{identity.FindText("sub")} at {identity.FindText("iss")}");
            answer.Show("issuer", identity.FindText("iss") ?? "");
            answer.Show("subject", identity.FindText("sub") ?? "");
            answer.Show("groups", string.Join(", ", GroupsOf(issuance)));
            answer.Show("ID token (SHA-256)", identity.FindText("id_token_hash_b64u") ?? "");
        }

        foreach (var record in subject.Records.Where(static record => record.Text("token_hash").Length > 0 && record.Kind is not RecordKinds.Issuance))
        {
            if (subject.IssuanceOf(record) is null)
            {
                answer.Miss("ISSUANCE_MISSING", $"{record} was made with a token whose issuance is not there", record.Sequence);
            }
        }

        if (users.Count == 0)
        {
            answer.Miss("ISSUANCE_MISSING", "there is no record of a token being issued");
        }

        return answer.Build(Id, Text, string.Join("; ", users));
    }

    /// <summary>Gives the groups that an issuance was granted for: the user's at the sign-in, or those that a delegation rests on.</summary>
    public static ImmutableArray<string> GroupsOf(AuditedRecord issuance)
    {
        var origin = issuance.Payload.Find("identity") ?? issuance.Payload.Find("parent");
        return [.. (origin?.Find("groups")?.Items ?? []).Select(static group => group.Text)];
    }

    private static void CheckIssuance(AuditCase subject, AuditedRecord issuance, AnswerBuilder answer)
    {
        var verdict = EnvelopeVerifier.Verify(issuance.Envelope.Value, subject.Trusted, subject.Now);
        if (!verdict.IsValid || verdict.EnvelopeType is not "issuance_record")
        {
            answer.Fail("ISSUANCE_INVALID", $"the issuance of {issuance}: {verdict.Code}: {verdict.Message}", issuance.Sequence);
            return;
        }

        var payload = issuance.Payload;
        if (!Shared.All(name => string.Equals(issuance.Text(name), payload.FindText(name) ?? "", StringComparison.Ordinal)))
        {
            answer.Fail("ISSUANCE_INVALID", $"{issuance} says something else than its signed envelope", issuance.Sequence);
        }

        CheckOwner(subject, issuance, answer);
        if (!string.Equals(payload.FindText("sub"), subject.AgentDid, StringComparison.Ordinal) && !subject.IsAncestor(issuance))
        {
            answer.Fail("TOKEN_OF_ANOTHER_AGENT", $"the token of {issuance} was issued to another agent", issuance.Sequence);
        }
    }

    private static void CheckOwner(AuditCase subject, AuditedRecord issuance, AnswerBuilder answer)
    {
        var root = subject.LineageOf(issuance).Last();
        if (root.Payload.Find("identity") is not { } identity)
        {
            answer.Miss("ISSUANCE_MISSING", $"the token of {issuance} does not lead to a user's sign-in", issuance.Sequence);
            return;
        }

        var ownerRef = Sha256.OfCanonical(new JsonObjectBuilder()
            .Add("iss", identity.FindText("iss") ?? "")
            .Add("sub", identity.FindText("sub") ?? "")
            .Add("groups", JsonValue.ArrayOf(GroupsOf(root).Order(StringComparer.Ordinal)))
            .Add("salt", identity.FindText("salt") ?? "")
            .Build());
        if (!string.Equals(ownerRef, issuance.Payload.FindText("owner_ref"), StringComparison.Ordinal))
        {
            answer.Fail("OWNER_REF_MISMATCH", $"the token of {issuance} does not stand for this user and these groups", issuance.Sequence);
        }
    }
}
