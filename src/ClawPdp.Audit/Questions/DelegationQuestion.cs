using System.Collections.Immutable;
using System.Numerics;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Audit.Questions;

/// <summary>Did every delegated token stay inside the token that it came from?</summary>
internal static class DelegationQuestion
{
    public const string Id = "delegation";
    public const string Text = "Did every delegated token stay inside the token that it came from?";

    private const int DepthMax = 8;
    private const int EnvelopeSizeMaxBytes = 1024 * 1024;

    // What a child takes over from its parent, where the parent has it.
    private static readonly ImmutableArray<string> Inherited = ["policy_hash_b64u", "mission_id", "owner_ref", "control_plane_policy_hash_b64u", "payment_account_did"];

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        var count = 0;
        foreach (var child in subject.Of(RecordKinds.Issuance).Where(static issuance => issuance.Payload.Find("identity") is null))
        {
            count++;
            if (subject.ParentOf(child) is not { } parent)
            {
                answer.Miss("ISSUANCE_MISSING", $"the token that the one of {child} came from is not known", child.Sequence);
                continue;
            }

            CheckReceipt(subject, child, parent, answer);
            CheckScope(child, parent, answer);
            CheckBounds(subject, child, parent, answer);
            answer.Show("delegation", $"{child.Payload.FindText("delegation_id")}: {parent.Payload.FindText("sub")} to {child.Payload.FindText("sub")}, {child}");
        }

        return answer.Build(Id, Text, count == 0 ? "no token was delegated" : $"{count} delegated tokens lie inside the tokens that they came from, each with a signed delegation receipt");
    }

    private static void CheckReceipt(AuditCase subject, AuditedRecord child, AuditedRecord parent, AnswerBuilder answer)
    {
        var envelope = JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(child.Text("delegation")), EnvelopeSizeMaxBytes) is { IsValid: true } parsed ? parsed.Value : JsonValue.Null;
        var verdict = EnvelopeVerifier.Verify(envelope, subject.Trusted, subject.Now);
        if (!verdict.IsValid || verdict.EnvelopeType is not "delegation_receipt")
        {
            answer.Fail("DELEGATION_RECEIPT_INVALID", $"the delegation receipt of {child}: {verdict.Code}: {verdict.Message}", child.Sequence);
            return;
        }

        var receipt = envelope.Find("payload") ?? JsonValue.Null;
        var isAbout = Same(receipt.FindText("delegator_did"), parent.Payload.FindText("sub"))
            && Same(receipt.FindText("delegate_did"), child.Payload.FindText("sub"))
            && Same(receipt.FindText("delegate_bundle_hash_b64u"), child.Envelope.Value.FindText("payload_hash_b64u"))
            && Same(receipt.Find("binding")?.FindText("parent_token_hash"), parent.Text("token_hash"))
            && Same(child.Text("parent_token_hash"), parent.Text("token_hash"));
        if (!isAbout)
        {
            answer.Fail("DELEGATION_MISMATCH", $"the delegation receipt of {child} is about another delegation", child.Sequence);
        }
    }

    private static void CheckScope(AuditedRecord child, AuditedRecord parent, AnswerBuilder answer)
    {
        var scope = Texts(child, "scope");
        if (!GrantedScope.Compile(scope, allowWildcards: true).TryGet(out var issued))
        {
            answer.Fail("DELEGATION_EXCEEDED", $"the scope of {child} cannot be read", child.Sequence);
            return;
        }

        var whole = Grant.OfToken([], Texts(parent, "scope"), int.MaxValue);
        var narrowed = whole.Grant?.Narrow(new ScopeRequest { Tools = issued.Tools, Models = issued.Models, Egress = issued.Egress, Scopes = issued.PlainScopes }) ?? whole;
        if (narrowed.Grant is not { } within || !within.ScopeItems.SequenceEqual(scope.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            answer.Fail("DELEGATION_EXCEEDED", $"the token of {child} allows `{narrowed.OffendingItem}`, which the one that it came from does not", child.Sequence);
        }
    }

    private static void CheckBounds(AuditCase subject, AuditedRecord child, AuditedRecord parent, AnswerBuilder answer)
    {
        if (Texts(child, "aud").Except(Texts(parent, "aud"), StringComparer.Ordinal).Any())
        {
            answer.Fail("DELEGATION_EXCEEDED", $"the token of {child} is for an audience that the one that it came from is not for", child.Sequence);
        }

        var (own, its) = (child.Payload, parent.Payload);
        if (Number(own, "exp") > Number(its, "exp") || Number(own, "iat") < Number(its, "iat") || child.Sequence < parent.Sequence)
        {
            answer.Fail("DELEGATION_EXCEEDED", $"the token of {child} begins before or ends after the one that it came from", child.Sequence);
        }

        foreach (var name in Inherited.Where(name => its.FindText(name) is { } inherited && !Same(inherited, own.FindText(name))))
        {
            answer.Fail("DELEGATION_EXCEEDED", $"the token of {child} does not keep `{name}` of the one that it came from", child.Sequence);
        }

        CheckSpending(child, its, answer);
        CheckChain(subject, child, its, answer);
    }

    private static void CheckSpending(AuditedRecord child, JsonValue parent, AnswerBuilder answer)
    {
        var isWithin = (parent.Find("spend_cap")?.Number is not { } cap || child.Payload.Find("spend_cap")?.Number <= cap)
            && (parent.FindText("delegation_spend_cap_minor") is not { } minor || Amount(child.Payload.FindText("delegation_spend_cap_minor")) <= Amount(minor));
        if (!isWithin)
        {
            answer.Fail("DELEGATION_EXCEEDED", $"the token of {child} may spend more than the one that it came from", child.Sequence);
        }
    }

    private static void CheckChain(AuditCase subject, AuditedRecord child, JsonValue parent, AnswerBuilder answer)
    {
        var payload = child.Payload;
        var delegator = parent.FindText("sub");
        var isBound = Same(payload.FindText("delegator_did"), delegator)
            && Same(payload.FindText("owner_did"), delegator)
            && Same(payload.FindText("delegate_did"), payload.FindText("sub"))
            && Number(payload, "delegation_expires_at") == Number(payload, "exp");
        var depth = subject.LineageOf(child).Count() - 1;
        var root = subject.LineageOf(child).Last();
        var isRooted = depth <= DepthMax
            && root.Payload.Find("identity") is not null
            && IdentityQuestion.GroupsOf(child).All(group => IdentityQuestion.GroupsOf(root).Contains(group, StringComparer.Ordinal));
        if (!isBound || !isRooted)
        {
            answer.Fail("DELEGATION_MISMATCH", $"the claims of {child} do not bind it to the token that it came from and to the user's groups", child.Sequence);
        }
    }

    private static string[] Texts(AuditedRecord issuance, string name) => [.. (issuance.Payload.Find(name)?.Items ?? []).Select(static item => item.Text)];

    private static long Number(JsonValue payload, string name) => (long)(payload.Find(name)?.Number ?? 0);

    // What is no number is more than any bound.
    private static BigInteger Amount(string? digits) =>
        BigInteger.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var amount) ? amount : BigInteger.Pow(10, 64);

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);
}
