using System.Collections.Immutable;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Tests.Policies;

/// <summary>Policies to sign, each told from the others by its id.</summary>
internal static class TestPolicies
{
    /// <summary>A policy that allows tools, and nothing else.</summary>
    public static WorkPolicyContract Of(string id, ImmutableArray<string> tools, string? inherits = null) => WpcLoader.Load(Payload(id, tools, inherits)).Value;

    public static JsonValue Payload(string id, ImmutableArray<string> tools, string? inherits = null) => new JsonObjectBuilder()
        .Add("policy_version", "2")
        .Add("policy_id", id)
        .Add("issuer_did", "did:web:policies.example")
        .AddIfPresent("inherits", inherits)
        .Add("statements", JsonValue.ArrayOf([new JsonObjectBuilder()
            .Add("sid", "allow-" + id)
            .Add("effect", "Allow")
            .Add("actions", JsonValue.ArrayOf(["tool:execute"]))
            .Add("resources", JsonValue.ArrayOf(tools))
            .Build()]))
        .Build();

    public static byte[] Sign(PurposeKey key, WorkPolicyContract policy, DateTimeOffset? at = null) =>
        Sign(key, policy.Payload, at);

    public static byte[] Sign(PurposeKey key, JsonValue payload, DateTimeOffset? at = null) =>
        key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, payload, at ?? DateTimeOffset.UnixEpoch.AddYears(56)).Json.ToArray();

    public static PurposeKey NewKey() => new(KeyPurpose.Policy, Ed25519SigningKey.Generate());
}
