using System.Collections.Immutable;
using ClawPdp.Core.Bundles;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;
using ClawPdp.Core.Runs;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Crypto.Tests.Bundles;

/// <summary>The worked chains, bundles and proofs, reproduced and judged as the public reference judges them.</summary>
public sealed class BundleVectorTests
{
    private static readonly ImmutableArray<string> Everyone = [WorkedKeys.K1, WorkedKeys.K2, WorkedKeys.K3];
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 1, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("bundle_min.json", "VALID", "self")]
    [InlineData("bundle_full.json", "VALID", "gateway")]
    [InlineData("export_bundle.json", "VALID", "self")]
    [InlineData("event_chain_envelope.json", "VALID", "")]
    [InlineData("bundle_bad_event_jcs.json", "HASH_MISMATCH", "self")]
    [InlineData("gateway_receipt_jcs.json", "VALID", "")]
    [InlineData("wpc_v1_envelope.json", "VALID", "")]
    [InlineData("wpc_v1_payload.json", "MALFORMED_ENVELOPE", "")]
    public void Verify_WorkedArtifact_IsJudgedAsTheReferenceDoes(string file, string code, string tier)
    {
        var verdict = ArtifactVerifier.Verify(VectorFile.Read(file), Everyone, Now);

        Assert.Equal((code, tier, code is "VALID"), (verdict.Code, verdict.ProofTier, verdict.IsValid));
    }

    [Theory]
    [InlineData("bundle_full.json", "CLAIM_NOT_FOUND")]
    [InlineData("export_bundle.json", "CLAIM_NOT_FOUND")]
    [InlineData("event_chain_envelope.json", "CLAIM_NOT_FOUND")]
    public void Verify_TheWrongOnesAreTrusted_IsNotValid(string file, string code)
    {
        var verdict = ArtifactVerifier.Verify(VectorFile.Read(file), [WorkedKeys.K3], Now);

        Assert.False(verdict.IsValid);
        Assert.Contains(code, verdict.Code + verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_BundleWhoseReceiptsNobodyVouchesFor_IsNotValid() =>
        Assert.Equal("DEPENDENCY_NOT_CONFIGURED", ArtifactVerifier.Verify(VectorFile.Read("bundle_full.json"), [], Now).Code);

    [Fact]
    public void SignEnvelope_MinimalBundle_IsReproducedByteForByte()
    {
        var vector = Parse("bundle_min.json");
        var payload = new ProofBundle
        {
            BundleId = "bundle_min",
            AgentDid = WorkedKeys.K2,
            Events = [RunEventReader.Read(vector.Find("payload")?.Find("event_chain")?.Items[0] ?? JsonValue.Null).Value],
        }.ToPayload();
        using var agent = WorkedKeys.Key(KeyPurpose.Agent, WorkedKeys.Seed2);

        var signed = agent.SignEnvelope("proof_bundle", payload.Value, new DateTimeOffset(2026, 1, 1, 0, 0, 5, TimeSpan.Zero));

        Assert.Equal("nLqRpalDTCsQCy7YPrnv20JRV5OmKi-x4dhgU_F5DhI", signed.PayloadHash);
        Assert.Equal(JsonWriter.CanonicalText(vector), System.Text.Encoding.UTF8.GetString(signed.Json.Span));
    }

    [Fact]
    public void SignExport_WorkedExport_IsReproducedByteForByte()
    {
        var vector = Parse("export_bundle.json");
        using var issuer = WorkedKeys.Key(KeyPurpose.Receipt, WorkedKeys.Seed1);

        var signed = issuer.SignExport(new ExportBundle
        {
            ExportId = "exp_0001",
            CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 6, TimeSpan.Zero),
            IssuerDid = WorkedKeys.K1,
            ProofBundleEnvelope = Parse("bundle_min.json"),
        });

        Assert.Equal("V7jY_EThGFci-leWwEP7bTR4TurikeLJJoyaPc46hPI", signed.FindText("bundle_hash_b64u"));
        Assert.Equal(JsonWriter.CanonicalText(vector), JsonWriter.CanonicalText(signed));
    }

    [Fact]
    public void Verify_ExportWithAnAttestation_IsNotValidUnseen()
    {
        using var key = Ed25519SigningKey.FromSeed(Convert.FromHexString(WorkedKeys.Seed1));
        var attestation = new JsonObjectBuilder().Add("envelope_version", "1").Add("envelope_type", "execution_attestation").Build();
        var parts = new ExportBundle { ExportId = "e", CreatedAt = Now, IssuerDid = WorkedKeys.K1, ProofBundleEnvelope = Parse("bundle_min.json") }.ToHashedParts();
        var bytes = JsonWriter.WriteCanonical(attestation);
        var entry = new JsonObjectBuilder()
            .Add("path", "artifacts/execution_attestation_envelopes/0.json")
            .Add("sha256_b64u", Core.Encoding.Sha256.B64u(bytes))
            .Add("content_type", "application/json")
            .Add("size_bytes", bytes.Length)
            .Build();
        var text = JsonWriter.CanonicalText(parts)
            .Replace("\"entries\":[", $"\"entries\":[{JsonWriter.CanonicalText(entry)},", StringComparison.Ordinal)
            .Replace("\"artifacts\":{", $"\"artifacts\":{{\"execution_attestation_envelopes\":[{JsonWriter.CanonicalText(attestation)}],", StringComparison.Ordinal);
        var hash = Core.Encoding.Sha256.B64u(System.Text.Encoding.UTF8.GetBytes(text));
        var signature = Core.Encoding.Base64UrlText.Encode(key.Sign(System.Text.Encoding.ASCII.GetBytes(hash)));
        var export = text[..^1] + $",\"bundle_hash_b64u\":\"{hash}\",\"hash_algorithm\":\"SHA-256\",\"signature_b64u\":\"{signature}\",\"algorithm\":\"Ed25519\"}}";

        var verdict = ArtifactVerifier.Verify(System.Text.Encoding.UTF8.GetBytes(export), [WorkedKeys.K1], Now);

        Assert.False(verdict.IsValid);
        Assert.StartsWith("artifacts/execution_attestation_envelopes/0.json", verdict.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_BundleWithClaimsThatAreNotEvaluated_SaysSo()
    {
        using var agent = WorkedKeys.Key(KeyPurpose.Agent, WorkedKeys.Seed2);
        var bundle = Parse("bundle_min.json").Find("payload") ?? JsonValue.Null;
        var more = JsonValue.ObjectOf([.. bundle.Members, new JsonMember("attestations", JsonValue.ArrayOf(["anything"])), new JsonMember("rate_limit_claims", JsonValue.ArrayOf(["anything"]))]);

        var verdict = ArtifactVerifier.Verify(agent.SignEnvelope("proof_bundle", more, Now).Json.Span, [WorkedKeys.K1], Now);

        Assert.True(verdict.IsValid, verdict.Message);
        Assert.Equal("self", verdict.ProofTier);
        Assert.Equal(2, verdict.Findings.Count(static finding => finding.EndsWith("counts for nothing", StringComparison.Ordinal)));
    }

    [Fact]
    public void SignReceiptRoot_WorkedLog_GivesTheReferencesSignature()
    {
        var leaves = Parse("log_leaves.json").Find("leaves")?.Items ?? [];
        using var log = WorkedKeys.Key(KeyPurpose.Log, WorkedKeys.Seed1);

        var signature = log.SignReceiptRoot(new ReceiptTree(leaves.Select(static leaf => Core.Encoding.Base64UrlText.TryDecode(leaf.Text, out var bytes) ? bytes : [])));

        Assert.Equal("if1PtTzUjhlvyuYXsTLoYeug6WCOox2rrUfefezBvS4yxcpdrw2k_4fto9LRi3_DH0mJ9HjqmT1xFn1OrmXbAA", signature);
    }

    [Theory]
    [InlineData("inclusion_leaf0.json")]
    [InlineData("inclusion_leaf2.json")]
    public void FindFault_WorkedInclusion_HoldsForWhoTrustsTheLog(string file)
    {
        var proof = Parse(file);

        Assert.Null(ReceiptInclusionVerifier.FindFault(proof, [WorkedKeys.K1]));
        Assert.Equal("CLAIM_NOT_FOUND", ReceiptInclusionVerifier.FindFault(proof, [WorkedKeys.K2])?.Code);
        Assert.Equal("SCHEMA_VALIDATION_FAILED", ReceiptInclusionVerifier.FindFault(JsonValue.Null, [WorkedKeys.K1])?.Code);
        Assert.Equal("SIGNATURE_INVALID", Changed(proof, static text => text.Replace("\"if1P", "\"if1Q", StringComparison.Ordinal)));
        Assert.Equal("INCLUSION_PROOF_INVALID", Changed(proof, static text => text.Replace("\"tree_size\":3", "\"tree_size\":5", StringComparison.Ordinal)));
        Assert.Equal("INCLUSION_PROOF_INVALID", Changed(proof, static text => text.Replace("\"leaf_index\"", "\"leaf_place\"", StringComparison.Ordinal)));
        Assert.Equal("INCLUSION_PROOF_INVALID", Changed(proof, static text => text.Replace("\"leaf_hash_b64u\":\"", "\"leaf_hash_b64u\":\"A", StringComparison.Ordinal)));
        Assert.Equal("INVALID_DID_FORMAT", Changed(proof, static text => text.Replace("did:key:z6Mk", "did:ion:z6Mk", StringComparison.Ordinal)));
    }

    [Fact]
    public void SignCheckpoint_AnyKeyButTheLogs_Refuses()
    {
        using var receipt = WorkedKeys.Key(KeyPurpose.Receipt, WorkedKeys.Seed1);
        using var log = WorkedKeys.Key(KeyPurpose.Log, WorkedKeys.Seed1);
        var checkpoint = new Checkpoint("example.com/log", 1, new byte[32]);

        Assert.Throws<InvalidOperationException>(() => receipt.SignCheckpoint(checkpoint));
        Assert.Throws<InvalidOperationException>(() => receipt.SignReceiptRoot(new ReceiptTree([])));
        Assert.Throws<InvalidOperationException>(() => log.SignEnvelope("proof_bundle", JsonValue.ObjectOf([]), Now));
        Assert.Equal(checkpoint, CheckpointVerifier.Verify(log.SignCheckpoint(checkpoint), [WorkedKeys.K1], out var signer));
        Assert.Equal(WorkedKeys.K1, signer);
        Assert.Null(CheckpointVerifier.Verify(log.SignCheckpoint(checkpoint), [WorkedKeys.K2], out _));
        Assert.Null(CheckpointVerifier.Verify(log.SignCheckpoint(checkpoint).Replace("\n1\n", "\n2\n", StringComparison.Ordinal), [WorkedKeys.K1], out _));
    }

    private static string? Changed(JsonValue proof, Func<string, string> change) =>
        ReceiptInclusionVerifier.FindFault(
            JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(change(JsonWriter.CanonicalText(proof))), 1 << 20).Value, [WorkedKeys.K1])?.Code;

    private static JsonValue Parse(string file) => JsonReader.Parse(VectorFile.Read(file), 1 << 20).Value;
}
