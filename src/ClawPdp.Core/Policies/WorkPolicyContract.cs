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

    /// <summary>Judges an action: each dimension that is asked must be allowed.</summary>
    public abstract PolicyOutcome Evaluate(PolicyQuestion question);
}
