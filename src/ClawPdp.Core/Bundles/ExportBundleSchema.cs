using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Core.Bundles;

/// <summary>The public schema of an export bundle, a closed object.</summary>
public static class ExportBundleSchema
{
    private const int EntryCountMax = 4_096;

    private static readonly ImmutableArray<string> Lists =
        ["execution_attestation_envelopes", "derivation_attestation_envelopes", "audit_result_attestation_envelopes"];

    /// <summary>Checks the export; what its artefacts hold is checked where they are verified.</summary>
    public static ImmutableArray<Fault> Check(JsonValue export)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(export, faults);
        _ = root.IsObjectOf(
            "export_version", "export_id", "created_at", "issuer_did", "manifest", "artifacts", "bundle_hash_b64u", "hash_algorithm",
            "signature_b64u", "algorithm", "issued_at", "expires_at", "metadata");
        PayloadRules.Is(root.Required("export_version"), "1");
        PayloadRules.Text(root.Required("export_id"));
        PayloadRules.Instant(root.Required("created_at"));
        PayloadRules.Instant(root.Required("issued_at"));
        PayloadRules.Instant(root.Optional("expires_at"));
        PayloadRules.Did(root.Required("issuer_did"));
        PayloadRules.Hash(root.Required("bundle_hash_b64u"));
        PayloadRules.Hash(root.Required("signature_b64u"));
        PayloadRules.Is(root.Required("hash_algorithm"), "SHA-256");
        PayloadRules.Is(root.Required("algorithm"), "Ed25519");
        PayloadRules.Object(root.Optional("metadata"));
        CheckManifest(root.Required("manifest"));
        CheckArtifacts(root.Required("artifacts"));
        return [.. faults];
    }

    /// <summary>Gives every artefact with its path.</summary>
    public static IEnumerable<(string Path, JsonValue Artifact)> ArtifactsOf(JsonValue export)
    {
        var artifacts = export.Find("artifacts") ?? JsonValue.Null;
        yield return (ExportBundle.ProofBundlePath, artifacts.Find("proof_bundle_envelope") ?? JsonValue.Null);
        foreach (var list in Lists)
        {
            var index = 0;
            foreach (var item in artifacts.Find(list)?.Items ?? [])
            {
                yield return (string.Create(CultureInfo.InvariantCulture, $"artifacts/{list}/{index++}.json"), item);
            }
        }
    }

    private static void CheckManifest(JsonCursor? manifest)
    {
        if (manifest is null || !manifest.IsObjectOf("manifest_version", "generated_at", "entries"))
        {
            return;
        }

        PayloadRules.Is(manifest.Required("manifest_version"), "1");
        PayloadRules.Instant(manifest.Required("generated_at"));
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in manifest.Required("entries")?.AsArray(EntryCountMax, 1) ?? [])
        {
            _ = entry.IsObjectOf("path", "sha256_b64u", "content_type", "size_bytes");
            PayloadRules.Text(entry.Required("path"));
            PayloadRules.Hash(entry.Required("sha256_b64u"));
            PayloadRules.Is(entry.Required("content_type"), "application/json");
            PayloadRules.Amount(entry.Required("size_bytes"));
            if (!paths.Add(entry.Value.FindText("path") ?? ""))
            {
                entry.Refuse("the path stands twice");
            }
        }
    }

    private static void CheckArtifacts(JsonCursor? artifacts)
    {
        if (artifacts is null || !artifacts.IsObjectOf(["proof_bundle_envelope", .. Lists]))
        {
            return;
        }

        PayloadRules.Object(artifacts.Required("proof_bundle_envelope"));
        foreach (var list in Lists)
        {
            _ = artifacts.Optional(list)?.AsArray(EntryCountMax);
        }
    }
}
