using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Keys;

namespace ClawPdp.Load.Rigs;

/// <summary>Signs a second policy, <c>policy-b.json</c>, that differs from the installation's by its id: something to change to while it is measured.</summary>
internal static class SecondPolicy
{
    private const int SizeMaxBytes = 1 << 20;

    /// <summary>Writes the policy, and the hashes of both to <c>policies.txt</c>, one a line.</summary>
    public static void Write(string folder, string data)
    {
        using var key = new PurposeKey(KeyPurpose.Policy, Ed25519SigningKey.FromSeed(new KeyStore(data, TimeProvider.System).Load().ActiveOf(KeyPurpose.Policy)?.Seed));
        var envelope = Input.Require("policy", JsonReader.Parse(File.ReadAllBytes(Path.Combine(folder, "policy.json")), SizeMaxBytes));
        var payload = envelope.Find("payload") ?? throw new InvalidOperationException("the policy's envelope has no payload");
        var changed = new JsonObjectBuilder();
        foreach (var member in payload.Members)
        {
            changed.Add(member.Name, member.Name is "policy_id" ? JsonValue.Of("pol_demo_v2") : member.Value);
        }

        var policy = Input.Require("policy", WpcLoader.Load(changed.Build()));
        DurableFile.Write(Path.Combine(folder, "policy-b.json"), key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, policy.Payload, DateTimeOffset.UtcNow).Json.Span);
        File.WriteAllLines(Path.Combine(folder, "policies.txt"), [Input.Require("policy", WpcLoader.Load(payload)).PolicyHash, policy.PolicyHash]);
    }
}
