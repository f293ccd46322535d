using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;

namespace ClawPdp.Audit.Questions;

/// <summary>Did the mapping give the scope that the tokens carry?</summary>
internal static class MappingQuestion
{
    public const string Id = "mapping";
    public const string Text = "Did the scope mapping give these groups that scope?";

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        foreach (var issuance in subject.Of(RecordKinds.Issuance))
        {
            CheckIssuance(subject, issuance, answer);
        }

        if (subject.Of(RecordKinds.Issuance).IsEmpty)
        {
            answer.Miss("ISSUANCE_MISSING", "there is no record of a token being issued");
        }

        return answer.Build(Id, Text, "what each token allows lies within what the mapping grants its groups, in scope, lifetime and policy");
    }

    private static void CheckIssuance(AuditCase subject, AuditedRecord issuance, AnswerBuilder answer)
    {
        var payload = issuance.Payload;
        var hash = payload.FindText("mapping_hash_b64u") ?? "";
        answer.Show("mapping", hash);
        if (DocumentReader.Mapping(subject, hash, answer) is not { } mappings)
        {
            return;
        }

        var groups = IdentityQuestion.GroupsOf(issuance);
        string[] audiences = [.. (payload.Find("aud")?.Items ?? []).Select(static item => item.Text)];
        string[] scope = [.. (payload.Find("scope")?.Items ?? []).Select(static item => item.Text)];
        answer.Show("scope", string.Join(", ", scope));
        var resolved = mappings.Resolve(groups, actAsGroup: null, payload.FindText("sub") ?? "", audiences);
        if (resolved.Grant is not { } grant || !grant.MatchedGroups.SequenceEqual(groups.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            answer.Fail("GRANT_NOT_GIVEN", $"the mapping grants these groups nothing for this agent and audience ({issuance})", issuance.Sequence);
            return;
        }

        CheckScope(issuance, grant, scope, answer);
        var lifetime = NumberOf(payload, "exp") - NumberOf(payload, "iat");
        if (lifetime <= 0 || lifetime > grant.LifetimeMaxSeconds)
        {
            answer.Fail("LIFETIME_EXCEEDED", $"the token of {issuance} lives {lifetime} seconds, the mapping allows {grant.LifetimeMaxSeconds}", issuance.Sequence);
        }

        if (grant.Pin is { } pin && !string.Equals(pin.PolicyHash, payload.FindText("policy_hash_b64u"), StringComparison.Ordinal))
        {
            answer.Fail("PIN_MISMATCH", $"the token of {issuance} is not pinned to the policy that the mapping names", issuance.Sequence);
        }
    }

    private static void CheckScope(AuditedRecord issuance, Grant grant, string[] scope, AnswerBuilder answer)
    {
        var compiled = GrantedScope.Compile(scope, allowWildcards: true);
        if (!compiled.TryGet(out var issued))
        {
            answer.Fail("SCOPE_EXCEEDED", $"the scope of {issuance} cannot be read", issuance.Sequence);
            return;
        }

        var narrowed = grant.Narrow(new ScopeRequest { Tools = issued.Tools, Models = issued.Models, Egress = issued.Egress, Scopes = issued.PlainScopes });
        if (narrowed.Grant is not { } within || !within.ScopeItems.SequenceEqual(scope.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            answer.Fail("SCOPE_EXCEEDED", $"the token of {issuance} allows `{narrowed.OffendingItem}`, which the mapping does not grant", issuance.Sequence);
        }
    }

    private static long NumberOf(JsonValue payload, string name) => (long)(payload.Find(name)?.Number ?? 0);
}
