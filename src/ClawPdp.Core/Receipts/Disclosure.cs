using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>
/// Judges a selective disclosure: each leaf is SHA-256(path ":" JCS({salt_b64u, type, value})), and the root is the SHA-256 of
/// the JCS of the sorted list of all leaf hashes, disclosed or not.
/// </summary>
public static class Disclosure
{
    private const string Algorithm = "vir_v2_typed_lexicographical";

    /// <summary>Gives the public verifier's code for the first fault; <see langword="null"/> when there is none.</summary>
    public static string? FindFault(JsonValue? disclosure, string? committedHash)
    {
        if (disclosure is null)
        {
            return null;
        }

        if (disclosure.FindText("disclosure_algorithm") is not Algorithm)
        {
            return "DISCLOSURE_ALGORITHM_UNKNOWN";
        }

        var root = disclosure.FindText("merkle_root_b64u");
        if (!string.Equals(root, committedHash, StringComparison.Ordinal))
        {
            return "DISCLOSURE_ROOT_MISMATCH";
        }

        var leaves = disclosure.Find("disclosed_leaves")?.Members ?? [];
        if (leaves.Any(static leaf => !string.Equals(TypeOf(leaf.Value.Find("value")), leaf.Value.FindText("type"), StringComparison.Ordinal)))
        {
            return "DISCLOSURE_TYPE_MISMATCH";
        }

        var redacted = (disclosure.Find("redacted_leaf_hashes_b64u")?.Items ?? []).Select(static item => item.Text);
        var hashes = leaves.Select(static leaf => LeafHash(leaf)).Concat(redacted).Order(StringComparer.Ordinal);
        return string.Equals(Sha256.OfCanonical(JsonValue.ArrayOf(hashes)), root, StringComparison.Ordinal) ? null : "DISCLOSURE_ROOT_MISMATCH";
    }

    private static string LeafHash(JsonMember leaf)
    {
        var content = JsonWriter.CanonicalText(new JsonObjectBuilder()
            .AddIfPresent("salt_b64u", leaf.Value.Find("salt_b64u"))
            .AddIfPresent("type", leaf.Value.Find("type"))
            .AddIfPresent("value", leaf.Value.Find("value"))
            .Build());
        return Sha256.B64u(System.Text.Encoding.UTF8.GetBytes(leaf.Name + ":" + content));
    }

    private static string TypeOf(JsonValue? value) => value?.Kind switch
    {
        JsonKind.String => "string",
        JsonKind.Number => "number",
        JsonKind.Boolean => "boolean",
        JsonKind.Null => "null",
        JsonKind.Array => "array",
        JsonKind.Object => "object",
        _ => "",
    };
}
