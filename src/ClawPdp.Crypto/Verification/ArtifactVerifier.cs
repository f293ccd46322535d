using System.Collections.Immutable;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;

namespace ClawPdp.Crypto.Verification;

/// <summary>
/// Verifies any signed artefact of the public formats, in the order and with the codes of the public verifier: receipts, policies, event
/// chains, proof bundles and export bundles. Where that verifier is lax, this one is not (docs/verification.md): what is not signed is
/// never valid, and every signature is checked.
/// </summary>
public static class ArtifactVerifier
{
    /// <summary>The longest artefact that is looked at.</summary>
    public const int SizeMaxBytes = 64 * 1024 * 1024;

    /// <summary>Verifies.</summary>
    /// <param name="text">The artefact: UTF-8 JSON.</param>
    /// <param name="trustedSigners">The did:keys whose signature counts. An agent's bundle is signed by the agent, which need not be among them.</param>
    /// <param name="now">The instant at which times are judged.</param>
    public static ArtifactVerdict Verify(ReadOnlySpan<byte> text, ImmutableArray<string> trustedSigners, DateTimeOffset now)
    {
        var parsed = JsonReader.Parse(text, SizeMaxBytes);
        return parsed.TryGet(out var artifact) && artifact.Kind == JsonKind.Object
            ? Verify(artifact, trustedSigners, now)
            : Refuse(parsed.IsValid ? "an object is expected" : parsed.Faults[0].Message);
    }

    /// <summary>Verifies an artefact that was read already.</summary>
    /// <param name="artifact">The artefact, its members in the order in which they were received.</param>
    /// <param name="trustedSigners">The did:keys whose signature counts.</param>
    /// <param name="now">The instant at which times are judged.</param>
    public static ArtifactVerdict Verify(JsonValue artifact, ImmutableArray<string> trustedSigners, DateTimeOffset now)
    {
        if (artifact.Find("export_version") is not null)
        {
            return ExportVerifier.Verify(artifact, trustedSigners, now);
        }

        return artifact.FindText("envelope_type") switch
        {
            EnvelopeTypes.ProofBundle => new BundleVerifier(artifact, trustedSigners, now).Verify(),
            EnvelopeTypes.EventChain => EventChainVerifier.Verify(artifact, trustedSigners, now),
            _ => Of(EnvelopeVerifier.Verify(artifact, trustedSigners, now), artifact),
        };
    }

    internal static ArtifactVerdict Conclude(string kind, JsonValue artifact, string signer, EnvelopeFault? fault, ImmutableArray<VerificationCheck> checks) => new()
    {
        IsValid = fault is null,
        Code = fault?.Code ?? "VALID",
        Field = fault?.Field ?? "",
        Message = fault?.Message ?? "",
        Kind = kind,
        SignerDid = signer,
        Checks = checks,
        Artifact = artifact,
    };

    private static ArtifactVerdict Of(VerificationResult result, JsonValue artifact) => new()
    {
        IsValid = result.IsValid,
        Code = result.Code,
        Field = result.Field,
        Message = result.Message,
        Kind = result.EnvelopeType,
        SignerDid = result.SignerDid,
        Checks = result.Checks,
        Artifact = artifact,
    };

    private static ArtifactVerdict Refuse(string message) => new()
    {
        IsValid = false,
        Code = "MALFORMED_ENVELOPE",
        Message = message,
        Checks = [new VerificationCheck("json", false, message)],
    };
}
