using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>A Work Policy Contract that was checked whole: what exists can be evaluated without errors.</summary>
public abstract class WorkPolicyContract
{
    private protected WorkPolicyContract(JsonValue payload, string policyId, string issuerDid, string policyHash)
    {
        Payload = payload;
        PolicyId = policyId;
        IssuerDid = issuerDid;
        PolicyHash = policyHash;
    }

    /// <summary>Gets the payload as it was read.</summary>
    public JsonValue Payload { get; }

    /// <summary>Gets the policy's own <c>policy_id</c>.</summary>
    public string PolicyId { get; }

    /// <summary>Gets the issuer that the policy names; only the envelope's signature proves anything.</summary>
    public string IssuerDid { get; }

    /// <summary>Gets the SHA-256 of the JCS of the payload: base64url, 43 characters. It is the policy's name.</summary>
    public string PolicyHash { get; }

    /// <summary>Gets the version of the policy format, the policy's own <c>policy_version</c>.</summary>
    public abstract string FormatVersion { get; }

    /// <summary>Gets the hash of the policy that this one inherits from; <see langword="null"/> for none.</summary>
    public virtual string? Inherits => null;

    /// <summary>Gets the statements, in the policy's order; none in a policy of version 1.</summary>
    public virtual ImmutableArray<PolicyStatement> Statements => [];

    /// <summary>Judges one dimension by this policy alone, without what it inherits.</summary>
    /// <param name="action">The dimension.</param>
    /// <param name="resource">The name asked for, as <see cref="PolicyQuestion.ResourceOf"/> gives it.</param>
    /// <param name="question">The whole question, for the conditions.</param>
    /// <param name="trace">Receives how the judgement came about; <see langword="null"/> for the quick answer, which is the same.</param>
    public abstract LinkOutcome Judge(PolicyAction action, string resource, in PolicyQuestion question, LinkTrace? trace = null);
}
