using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Core.Log;

/// <summary>A proof of the public receipt log (<c>log_inclusion_proof.v1</c>): a receipt's payload hash is in the tree of a signed root.</summary>
public sealed record ReceiptInclusion
{
    /// <summary>The id of the receipt log.</summary>
    public const string DefaultLogId = "receipt-transparency";

    private const int PathLengthMax = 64;

    /// <summary>Gets the log's id.</summary>
    public required string LogId { get; init; }

    /// <summary>Gets the number of leaves.</summary>
    public required long TreeSize { get; init; }

    /// <summary>Gets the leaf's place, from 0.</summary>
    public required long LeafIndex { get; init; }

    /// <summary>Gets the payload hash of the receipt, base64url.</summary>
    public required string LeafHash { get; init; }

    /// <summary>Gets the root, base64url.</summary>
    public required string RootHash { get; init; }

    /// <summary>Gets the siblings from the leaf to the root, base64url.</summary>
    public required ImmutableArray<string> AuditPath { get; init; }

    /// <summary>Gets when the root was published, RFC 3339.</summary>
    public required string PublishedAt { get; init; }

    /// <summary>Gets the did:key of the log.</summary>
    public required string SignerDid { get; init; }

    /// <summary>Gets the Ed25519 signature over the ASCII of <see cref="RootHash"/>, base64url.</summary>
    public required string Signature { get; init; }

    /// <summary>Gives the proof as JSON.</summary>
    public JsonValue ToJson() => new JsonObjectBuilder()
        .Add("proof_version", "1")
        .Add("log_id", LogId)
        .Add("tree_size", TreeSize)
        .Add("leaf_hash_b64u", LeafHash)
        .Add("root_hash_b64u", RootHash)
        .Add("audit_path", JsonValue.ArrayOf(AuditPath))
        .Add("root_published_at", PublishedAt)
        .Add("root_signature", new JsonObjectBuilder().Add("signer_did", SignerDid).Add("sig_b64u", Signature).Build())
        .Add("metadata", new JsonObjectBuilder()
            .Add("leaf_index", LeafIndex)
            .Add("merkle_algorithm", "sha256(left||right), duplicate-last for odd levels")
            .Build())
        .Build();

    /// <summary>Reads a proof, a closed object but for its metadata. A missing place in the log is no fault here: it is judged with the tree.</summary>
    public static Result<ReceiptInclusion> Read(JsonValue value)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(value, faults);
        _ = root.IsObjectOf("proof_version", "log_id", "tree_size", "leaf_hash_b64u", "root_hash_b64u", "audit_path", "root_published_at", "root_signature", "metadata");
        PayloadRules.Is(root.Required("proof_version"), "1");
        PayloadRules.Text(root.Required("log_id"));
        PayloadRules.Amount(root.Required("tree_size"));
        PayloadRules.Hash(root.Required("leaf_hash_b64u"));
        PayloadRules.Hash(root.Required("root_hash_b64u"));
        PayloadRules.Instant(root.Required("root_published_at"));
        foreach (var item in root.Required("audit_path")?.AsArray(PathLengthMax) ?? [])
        {
            PayloadRules.Hash(item);
        }

        var signature = root.Required("root_signature");
        _ = signature?.IsObjectOf("signer_did", "sig_b64u");
        PayloadRules.Text(signature?.Required("signer_did"));
        PayloadRules.Hash(signature?.Required("sig_b64u"));
        PayloadRules.Object(root.Optional("metadata"));
        return faults.Count > 0 ? Result.Invalid<ReceiptInclusion>([.. faults]) : Result.Valid(Make(value));
    }

    /// <summary>Tells whether the path leads from the leaf to the root of a tree of that size.</summary>
    public bool LeadsToRoot()
    {
        if (LeafIndex < 0 || LeafIndex >= TreeSize || AuditPath.Length != ReceiptTree.PathLengthOf(TreeSize) || !Rfc3339.TryParse(PublishedAt, out _))
        {
            return false;
        }

        var path = ImmutableArray.CreateBuilder<byte[]>();
        foreach (var item in AuditPath)
        {
            if (!Base64UrlText.TryDecode(item, out var sibling))
            {
                return false;
            }

            path.Add(sibling);
        }

        return Base64UrlText.TryDecode(LeafHash, out var leaf)
            && string.Equals(Base64UrlText.Encode(ReceiptTree.Climb(leaf, LeafIndex, path.ToImmutable())), RootHash, StringComparison.Ordinal);
    }

    private static ReceiptInclusion Make(JsonValue value) => new()
    {
        LogId = value.FindText("log_id") ?? "",
        TreeSize = WholeOf(value.Find("tree_size")),
        LeafIndex = WholeOf(value.Find("metadata")?.Find("leaf_index")),
        LeafHash = value.FindText("leaf_hash_b64u") ?? "",
        RootHash = value.FindText("root_hash_b64u") ?? "",
        AuditPath = [.. (value.Find("audit_path")?.Items ?? []).Select(static item => item.Text)],
        PublishedAt = value.FindText("root_published_at") ?? "",
        SignerDid = value.Find("root_signature")?.FindText("signer_did") ?? "",
        Signature = value.Find("root_signature")?.FindText("sig_b64u") ?? "",
    };

    private static long WholeOf(JsonValue? member) =>
        member is { Kind: JsonKind.Number } && member.Number == Math.Floor(member.Number) && member.Number is >= 0 and <= (1L << 53) ? (long)member.Number : -1;
}
