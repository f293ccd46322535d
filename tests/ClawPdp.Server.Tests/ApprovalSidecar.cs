using System.Text;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests;

/// <summary>The sidecar with a policy that wants a human's approval for one tool and a ticket for another, and one approver.</summary>
public class ApprovalSidecar : RunningSidecar
{
    internal string KeyPath => Path.Combine(Installation.Directory, "approver.key");

    internal string ApproverDid { get; private set; } = "";

    internal string PolicyHash { get; private set; } = "";

    private protected override ServerSettings Adjust(ServerSettings settings)
    {
        ApproverDid = Approvals.ApproverKeyFile.Create(KeyPath).Did;
        var ring = new KeyStore(settings.DataDirectory, TimeProvider.System).Load();
        using var key = new PurposeKey(KeyPurpose.Policy, Ed25519SigningKey.FromSeed(ring.ActiveOf(KeyPurpose.Policy)?.Seed));
        var policy = WpcLoader.Load(Encoding.UTF8.GetBytes(Policy(key.PublicKey.Did))).Value;
        PolicyHash = policy.PolicyHash;
        File.WriteAllBytes(settings.Policy.Path ?? "", key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, policy.Payload, TimeProvider.System.GetUtcNow()).Json.Span);
        var mapping = settings.Issuance.ScopeMappingPath;
        File.WriteAllText(mapping, File.ReadAllText(mapping).Replace(Installation.PolicyHash, policy.PolicyHash, StringComparison.Ordinal));
        return settings with { Policy = settings.Policy with { Approvers = [ApproverDid] } };
    }

    private static string Policy(string issuerDid) => $$"""
        {"policy_version":"2","policy_id":"pol_approvals","issuer_did":"{{issuerDid}}","statements":[
          {"sid":"free","effect":"Allow","actions":["tool:execute"],"resources":["github"]},
          {"sid":"approved","effect":"Allow","actions":["tool:execute"],"resources":["argo-cd"],"conditions":{"Bool":{"Request:HasHumanApproval":"true"} } },
          {"sid":"ticket","effect":"Allow","actions":["tool:execute"],"resources":["terraform"],"conditions":{"StringEquals":{"Caller:Ticket":"OPS-1"} } },
          {"sid":"models","effect":"Allow","actions":["model:invoke"],"resources":["**"]}]}
        """;
}
