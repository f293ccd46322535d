using System.Collections.Immutable;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Demo;

/// <summary>The demo's files: keys, a signed policy, the scope mapping that pins it, and the configuration.</summary>
internal sealed class DemoInstallation
{
    /// <summary>The audience that the demo's sidecar decides for.</summary>
    public const string Audience = "clawpdp";

    private DemoInstallation(string directory, string policyHash)
    {
        Directory = directory;
        PolicyHash = policyHash;
    }

    /// <summary>Gets the directory with everything.</summary>
    public string Directory { get; }

    /// <summary>Gets the hash of the policy in force.</summary>
    public string PolicyHash { get; }

    /// <summary>Gets the sidecar's data directory.</summary>
    public string DataDirectory => Path.Combine(Directory, "data");

    /// <summary>Gets the path of the configuration.</summary>
    public string ConfigPath => Path.Combine(Directory, "clawpdp.json");

    /// <summary>Makes the files in an empty directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="issuer">The identity provider.</param>
    /// <param name="grpc">Where gRPC shall listen.</param>
    /// <param name="http">Where HTTP shall listen.</param>
    /// <param name="time">The clock.</param>
    public static DemoInstallation Create(string directory, string issuer, string grpc, string http, TimeProvider time)
    {
        var data = Path.Combine(directory, "data");
        OwnerOnlyDirectory.Ensure(data);
        var keys = new KeyStore(data, time);
        keys.LoadOrGenerate().Wipe();
        using var key = keys.OpenActive(KeyPurpose.Policy);
        var policy = Input.Require("demo policy", WpcLoader.Load(Policy(key.PublicKey.Did)));
        var envelope = key.SignEnvelope(EnvelopeTypes.WorkPolicyContract, policy.Payload, time.GetUtcNow());
        DurableFile.Write(Path.Combine(directory, "policy.json"), envelope.Json.Span);
        DurableFile.Write(Path.Combine(directory, "scope-mapping.json"), JsonWriter.WriteCanonical(Mapping(policy.PolicyHash)));
        DurableFile.Write(Path.Combine(directory, "clawpdp.json"), JsonWriter.WriteCanonical(Config(issuer, grpc, http)));
        return new DemoInstallation(directory, policy.PolicyHash);
    }

    /// <summary>Gives the keys that an auditor has to trust: those of receipts, policies and the log.</summary>
    public ImmutableArray<string> TrustedDids()
    {
        var ring = new KeyStore(DataDirectory, TimeProvider.System).LoadPublic();
        return [.. ring.Keys.Where(static key => key.Purpose is KeyPurpose.Receipt or KeyPurpose.Policy or KeyPurpose.Log).Select(static key => key.PublicKey.Did)];
    }

    private static JsonValue Policy(string issuerDid) => new JsonObjectBuilder()
        .Add("policy_version", "1")
        .Add("policy_id", "pol_demo_v1")
        .Add("issuer_did", issuerDid)
        .Add("allowed_providers", JsonValue.ArrayOf(["anthropic", "openai"]))
        .Add("allowed_models", JsonValue.ArrayOf(["claude-sonnet-*", "gpt-4o"]))
        .Add("egress_allowlist", JsonValue.ArrayOf(["api.github.com", "*.atlassian.net", "*.splunkcloud.com"]))
        .Add("receipt_privacy_mode", "hash_only")
        .Build();

    private static JsonValue Mapping(string policyHash) => new JsonObjectBuilder()
        .Add("scope_mappings", JsonValue.ArrayOf(
        [
            Group(DemoUsers.PlatformEngineers, ["github", "argo-cd", "terraform"], ["claude-sonnet-4-20250514", "gpt-4o"], ["api.github.com", "*.atlassian.net"], 3600),
            Group(DemoUsers.SecurityAnalysts, ["splunk", "crowdstrike/*"], ["claude-sonnet-4-20250514"], ["*.splunkcloud.com"], 1800),
        ]))
        .Add("policy_pin", new JsonObjectBuilder().Add("policy_hash_b64u", policyHash).Add("policy_version", "deploy-approval-v3").Build())
        .Build();

    private static JsonValue Group(string group, string[] tools, string[] models, string[] hosts, int lifetimeSeconds) => new JsonObjectBuilder()
        .Add("okta_group", group)
        .Add("cst_claims", new JsonObjectBuilder()
            .Add("allowed_tools", JsonValue.ArrayOf(tools))
            .Add("allowed_models", JsonValue.ArrayOf(models))
            .Add("egress_allowlist", JsonValue.ArrayOf(hosts))
            .Add("max_ttl_seconds", lifetimeSeconds)
            .Build())
        .Build();

    private static JsonValue Config(string issuer, string grpc, string http) => new JsonObjectBuilder()
        .Add("data_directory", "data")
        .Add("audiences", JsonValue.ArrayOf([Audience]))
        .Add("listen", new JsonObjectBuilder().Add("grpc", grpc).Add("http", http).Add("plaintext_loopback_admin", JsonValue.Of(true)).Build())
        .Add("issuers", JsonValue.ArrayOf([new JsonObjectBuilder()
            .Add("issuer", issuer)
            .Add("client_ids", JsonValue.ArrayOf([DemoIdentityProvider.ClientId]))

            // Its provider is this very process, which a busy machine may keep waiting.
            .Add("fetch_timeout_seconds", 30)
            .Build()]))
        .Add("issuance", new JsonObjectBuilder().Add("scope_mapping_file", "scope-mapping.json").Build())
        .Add("policy", new JsonObjectBuilder().Add("file", "policy.json").Build())
        .Add("log_level", "warning")
        .Build();
}
