using ClawPdp.Audit.Evidence;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Audit.Questions;

/// <summary>Reads the documents that records name by their hashes.</summary>
internal static class DocumentReader
{
    private const int SizeMaxBytes = 1 << 20;

    /// <summary>Gives the envelope of a policy; <c>null</c> where it is none.</summary>
    public static JsonValue EnvelopeOf(AuditedRecord document) =>
        JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(document.Text("text")), SizeMaxBytes) is { IsValid: true } parsed ? parsed.Value : JsonValue.Null;

    /// <summary>Gives the envelope that counts for a policy: the first whose signer is trusted, otherwise the first of all.</summary>
    public static AuditedRecord StandingOf(AuditCase subject, AuditedRecord document)
    {
        var later = subject.Of(RecordKinds.Document).Where(other =>
            other.Text("document_type") is "policy_envelope"
            && string.Equals(EnvelopeOf(other).FindText("payload_hash_b64u"), document.Text("hash_b64u"), StringComparison.Ordinal));
        return later.Prepend(document).FirstOrDefault(record => subject.Trusted.Contains(EnvelopeOf(record).FindText("signer_did") ?? "", StringComparer.Ordinal)) ?? document;
    }

    /// <summary>Gives the scope mapping of a hash, or says why not.</summary>
    public static ScopeMappings? Mapping(AuditCase subject, string hash, AnswerBuilder answer)
    {
        if (subject.Document("scope_mapping", hash) is not { } document)
        {
            answer.Miss("DOCUMENT_MISSING", $"the scope mapping {hash} is not there");
            return null;
        }

        var text = System.Text.Encoding.UTF8.GetBytes(document.Text("text"));
        if (!string.Equals(Sha256.B64u(text), hash, StringComparison.Ordinal))
        {
            answer.Fail("DOCUMENT_CHANGED", "the scope mapping is not the one of its hash", document.Sequence);
            return null;
        }

        // What the installation allowed when it loaded the file is past: it was loaded.
        var loaded = ScopeMappingLoader.Load(text, new ScopeMappingOptions { AllowWildcards = true, AllowControlScopes = true, LifetimeMaxSeconds = int.MaxValue });
        if (!loaded.TryGet(out var mappings))
        {
            answer.Fail("DOCUMENT_UNREADABLE", $"the scope mapping cannot be read: {loaded.Faults[0].Pointer}: {loaded.Faults[0].Message}", document.Sequence);
        }

        return mappings;
    }

    /// <summary>Gives the policy of a hash with everything that it inherits from, or says why not.</summary>
    public static PolicyChain? Chain(AuditCase subject, string hash, AnswerBuilder answer)
    {
        var isWhole = true;
        if (Policy(subject, hash, answer) is not { } policy)
        {
            return null;
        }

        var resolved = PolicyChain.Resolve(policy, parent =>
        {
            var found = Policy(subject, parent, answer);
            isWhole &= found is not null;
            return found;
        });
        if (resolved.TryGet(out var chain))
        {
            return chain;
        }

        if (isWhole)
        {
            answer.Fail("POLICY_INVALID", $"the policy {hash}: {resolved.Faults[0].Message}");
        }

        return null;
    }

    /// <summary>Gives the policy of a hash, signed by a trusted key, or says why not.</summary>
    public static WorkPolicyContract? Policy(AuditCase subject, string hash, AnswerBuilder answer)
    {
        if (subject.Document("policy", hash) is not { } document)
        {
            answer.Miss("DOCUMENT_MISSING", $"the policy {hash} is not there");
            return null;
        }

        document = StandingOf(subject, document);
        var envelope = EnvelopeOf(document);
        var verdict = EnvelopeVerifier.Verify(envelope, subject.Trusted, subject.Now);
        if (!verdict.IsValid || verdict.EnvelopeType is not "work_policy_contract")
        {
            answer.Fail("POLICY_INVALID", $"the policy: {verdict.Code}: {verdict.Message}", document.Sequence);
            return null;
        }

        if (!WpcLoader.Load(envelope.Find("payload") ?? JsonValue.Null).TryGet(out var policy) || !string.Equals(policy.PolicyHash, hash, StringComparison.Ordinal))
        {
            answer.Fail("DOCUMENT_CHANGED", "the policy is not the one of its hash", document.Sequence);
            return null;
        }

        return policy;
    }
}
