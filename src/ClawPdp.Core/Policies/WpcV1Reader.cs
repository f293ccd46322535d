using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>Reads work_policy_contract.v1, a closed schema.</summary>
internal static class WpcV1Reader
{
    /// <summary>The tier of every model that is reached through an interface.</summary>
    public const string OpaqueTier = "closed_opaque";

    private static readonly ImmutableArray<string> Providers = ["openai", "anthropic", "google"];
    private static readonly ImmutableArray<string> Tiers = [OpaqueTier, "closed_provider_manifest", "openweights_hashable", "tee_measured"];
    private static readonly ImmutableArray<string> RedactionActions = ["remove", "hash", "mask"];
    private static readonly ImmutableArray<string> PrivacyModes = ["hash_only", "encrypted"];

    public static WpcV1 Read(JsonCursor root)
    {
        _ = root.IsObjectOf(
            "policy_version", "policy_id", "issuer_did", "allowed_providers", "allowed_models", "minimum_model_identity_tier",
            "required_audit_packs", "redaction_rules", "receipt_privacy_mode", "egress_allowlist", "metadata");
        _ = WpcMembers.OneOf(root.Required("policy_version"), ["1"]);
        var policyId = root.Required("policy_id")?.AsText(128) ?? "";
        var issuerDid = WpcMembers.ReadIssuer(root.Required("issuer_did"));
        var providers = Items(root.Optional("allowed_providers"), 16, static item => WpcMembers.OneOf(item, Providers));
        var models = Items(root.Optional("allowed_models"), 256, static item => item.AsText(256));
        var egress = ReadEgress(root.Optional("egress_allowlist"));
        var tier = WpcMembers.OneOf(root.Optional("minimum_model_identity_tier"), Tiers);
        _ = Items(root.Optional("required_audit_packs"), 64, ReadAuditPack);
        _ = WpcMembers.OneOf(root.Optional("receipt_privacy_mode"), PrivacyModes);
        ReadRedaction(root.Optional("redaction_rules"));
        WpcMembers.ReadMetadata(root.Optional("metadata"));
        return new WpcV1(
            root.Value,
            policyId,
            issuerDid,
            Sha256.OfCanonical(root.Value),
            providers,
            models,
            egress,
            tier is not null && !string.Equals(tier, OpaqueTier, StringComparison.Ordinal));
    }

    private static ImmutableArray<string> Items(JsonCursor? list, int countMax, Func<JsonCursor, string?> read) =>
        list is null ? [] : [.. list.AsArray(countMax).Select(read).OfType<string>()];

    private static string? ReadAuditPack(JsonCursor item)
    {
        var text = item.AsText(128, 8);
        if (text is not null && !text.All(static unit => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_'))
        {
            item.Refuse("base64url characters are expected");
        }

        return text;
    }

    private static ImmutableArray<HostPattern> ReadEgress(JsonCursor? list)
    {
        var patterns = ImmutableArray.CreateBuilder<HostPattern>();
        foreach (var item in list?.AsArray(256) ?? [])
        {
            if (item.AsText(256) is not { } text)
            {
                continue;
            }

            // Whoever signs a policy may mean everything by it; the token's scope still bounds the host.
            var parsed = HostPattern.Parse(text, allowWildcards: true);
            if (parsed.TryGet(out var pattern))
            {
                patterns.Add(pattern);
            }
            else
            {
                item.Refuse(parsed.Faults[0].Message);
            }
        }

        return patterns.ToImmutable();
    }

    private static void ReadRedaction(JsonCursor? list)
    {
        foreach (var rule in list?.AsArray(256) ?? [])
        {
            if (rule.IsObjectOf("path", "action"))
            {
                _ = rule.Required("path")?.AsText(512);
                _ = WpcMembers.OneOf(rule.Required("action"), RedactionActions);
            }
        }
    }
}
