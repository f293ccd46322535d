using System.Collections.Immutable;
using System.Text;
using ClawPdp.Core.Bundles;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;

namespace ClawPdp.Crypto.Verification;

/// <summary>Verifies an export bundle and every envelope in it.</summary>
internal static class ExportVerifier
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public static ArtifactVerdict Verify(JsonValue export, ImmutableArray<string> trustedSigners, DateTimeOffset now)
    {
        var bundle = new Lazy<ArtifactVerdict>(() =>
            new BundleVerifier(export.Find("artifacts")?.Find("proof_bundle_envelope") ?? JsonValue.Null, trustedSigners, now).Verify());
        var fault = StepRun.Run(
            [
                ("schema", () => CheckSchema(export)),
                ("issuer_did", () => CheckIssuer(export, trustedSigners)),
                ("times", () => CheckTimes(export, now)),
                ("manifest", () => CheckManifest(export)),
                ("bundle_hash", () => CheckHash(export)),
                ("signature", () => CheckSignature(export)),
                ("proof_bundle", () => CheckBundle(bundle.Value)),
                ("attestations", () => CheckAttestations(export, trustedSigners, now)),
            ],
            out var checks);
        return ArtifactVerifier.Conclude("export_bundle", export, export.FindText("issuer_did") ?? "", fault, checks) with
        {
            ProofTier = bundle.IsValueCreated ? bundle.Value.ProofTier : "",
            Findings = bundle.IsValueCreated ? bundle.Value.Findings : [],
        };
    }

    private static EnvelopeFault? CheckSchema(JsonValue export)
    {
        var faults = ExportBundleSchema.Check(export);
        return faults.IsEmpty ? null : new EnvelopeFault("SCHEMA_VALIDATION_FAILED", faults[0].Pointer.TrimStart('/').Replace('/', '.'), faults[0].Message);
    }

    private static EnvelopeFault? CheckIssuer(JsonValue export, ImmutableArray<string> trustedSigners)
    {
        var issuer = export.FindText("issuer_did") ?? "";
        if (!Did.IsVerifiable(issuer))
        {
            return new EnvelopeFault("INVALID_DID_FORMAT", "issuer_did", "the issuer is neither a did:key nor a did:web");
        }

        if (trustedSigners.IsDefaultOrEmpty)
        {
            return new EnvelopeFault("DEPENDENCY_NOT_CONFIGURED", "issuer_did", "no trusted signer was named");
        }

        return trustedSigners.Contains(issuer, StringComparer.Ordinal) ? null : new EnvelopeFault("CLAIM_NOT_FOUND", "issuer_did", "the issuer is not trusted");
    }

    private static EnvelopeFault? CheckTimes(JsonValue export, DateTimeOffset now)
    {
        _ = Rfc3339.TryParse(export.FindText("created_at"), out var created);
        _ = Rfc3339.TryParse(export.FindText("issued_at"), out var issued);
        if (created > issued)
        {
            return new EnvelopeFault("CAUSAL_CLOCK_CONTRADICTION", "created_at", "made after it was issued");
        }

        if (issued > now + Skew)
        {
            return new EnvelopeFault("FUTURE_TIMESTAMP_POISONING", "issued_at", "issued in the future");
        }

        return Rfc3339.TryParse(export.FindText("expires_at"), out var end) && now > end + Skew
            ? new EnvelopeFault("EXPIRED_TTL", "expires_at", "the export is expired")
            : null;
    }

    // Exactly one entry for each artefact, with the hash and size of its JCS bytes.
    private static EnvelopeFault? CheckManifest(JsonValue export)
    {
        var entries = (export.Find("manifest")?.Find("entries")?.Items ?? []).ToDictionary(static entry => entry.FindText("path") ?? "", StringComparer.Ordinal);
        foreach (var (path, artifact) in ExportBundleSchema.ArtifactsOf(export))
        {
            var bytes = JsonWriter.WriteCanonical(artifact);
            if (!entries.Remove(path, out var entry)
                || !string.Equals(entry.FindText("sha256_b64u"), Sha256.B64u(bytes), StringComparison.Ordinal)
                || entry.Find("size_bytes")?.Number != bytes.Length)
            {
                return new EnvelopeFault("HASH_MISMATCH", "manifest.entries", $"`{path}` is not what the manifest says");
            }
        }

        return entries.Count == 0 ? null : new EnvelopeFault("HASH_MISMATCH", "manifest.entries", "the manifest names what is not there");
    }

    private static EnvelopeFault? CheckHash(JsonValue export)
    {
        var parts = JsonValue.ObjectOf(
            [.. export.Members.Where(static member => member.Name is not ("bundle_hash_b64u" or "hash_algorithm" or "signature_b64u" or "algorithm"))]);
        return string.Equals(Sha256.OfCanonical(parts), export.FindText("bundle_hash_b64u"), StringComparison.Ordinal)
            ? null
            : new EnvelopeFault("HASH_MISMATCH", "bundle_hash_b64u", "the hash is not that of the export");
    }

    private static EnvelopeFault? CheckSignature(JsonValue export)
    {
        if (!Ed25519PublicKey.TryFromDid(export.FindText("issuer_did"), out var key))
        {
            return new EnvelopeFault("INVALID_DID_FORMAT", "issuer_did", "the issuer's DID holds no Ed25519 key");
        }

        return Base64UrlText.TryDecode(export.FindText("signature_b64u"), out var signature)
            && key.Verify(Encoding.ASCII.GetBytes(export.FindText("bundle_hash_b64u") ?? ""), signature)
                ? null
                : new EnvelopeFault("SIGNATURE_INVALID", "signature_b64u", "the signature does not verify");
    }

    private static EnvelopeFault? CheckBundle(ArtifactVerdict bundle) =>
        bundle.IsValid ? null : new EnvelopeFault(bundle.Code, "artifacts.proof_bundle_envelope." + bundle.Field, bundle.Message);

    // Whatever else lies in the export is verified as an envelope. A kind that is not known here is refused: it cannot be called valid unseen.
    private static EnvelopeFault? CheckAttestations(JsonValue export, ImmutableArray<string> trustedSigners, DateTimeOffset now)
    {
        foreach (var (path, artifact) in ExportBundleSchema.ArtifactsOf(export).Skip(1))
        {
            if (EnvelopeVerifier.Verify(artifact, trustedSigners, now) is { IsValid: false } verdict)
            {
                return new EnvelopeFault(verdict.Code, $"{path}: {verdict.Field}", verdict.Message);
            }
        }

        return null;
    }
}
