using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Bundles;

/// <summary>An export bundle (export_version 1) around one proof bundle. It is no envelope: its own hash covers its times, too.</summary>
public sealed record ExportBundle
{
    /// <summary>The path of the proof bundle in the manifest.</summary>
    public const string ProofBundlePath = "artifacts/proof_bundle_envelope.json";

    /// <summary>Gets the export's id.</summary>
    public required string ExportId { get; init; }

    /// <summary>Gets when it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the did:key that signs it.</summary>
    public required string IssuerDid { get; init; }

    /// <summary>Gets the signed proof bundle.</summary>
    public required JsonValue ProofBundleEnvelope { get; init; }

    /// <summary>Gives the parts that the export's hash covers.</summary>
    public JsonValue ToHashedParts()
    {
        var time = Rfc3339.Format(CreatedAt);
        var artifact = JsonWriter.WriteCanonical(ProofBundleEnvelope);
        var entry = new JsonObjectBuilder()
            .Add("path", ProofBundlePath)
            .Add("sha256_b64u", Sha256.B64u(artifact))
            .Add("content_type", "application/json")
            .Add("size_bytes", artifact.Length)
            .Build();
        return new JsonObjectBuilder()
            .Add("export_version", "1")
            .Add("export_id", ExportId)
            .Add("created_at", time)
            .Add("issuer_did", IssuerDid)
            .Add("manifest", new JsonObjectBuilder()
                .Add("manifest_version", "1")
                .Add("generated_at", time)
                .Add("entries", JsonValue.ArrayOf([entry]))
                .Build())
            .Add("artifacts", new JsonObjectBuilder().Add("proof_bundle_envelope", ProofBundleEnvelope).Build())
            .Add("issued_at", time)
            .Build();
    }
}
