using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>The form of a selective disclosure in a tool receipt of version 2.</summary>
internal static class DisclosureSchema
{
    private static readonly ImmutableArray<string> Types = ["string", "number", "boolean", "null", "array", "object"];

    public static void Check(JsonCursor? disclosure)
    {
        if (disclosure is null || !disclosure.IsObjectOf("disclosure_algorithm", "merkle_root_b64u", "redacted_leaf_hashes_b64u", "disclosed_leaves"))
        {
            return;
        }

        PayloadRules.Text(disclosure.Required("disclosure_algorithm"));
        PayloadRules.Hash(disclosure.Required("merkle_root_b64u"));
        foreach (var hash in disclosure.Required("redacted_leaf_hashes_b64u")?.AsArray(10_000) ?? [])
        {
            PayloadRules.Hash(hash);
        }

        var leaves = disclosure.Required("disclosed_leaves");
        PayloadRules.Object(leaves);
        foreach (var member in leaves?.Value.Members ?? [])
        {
            CheckLeaf(leaves?.Optional(member.Name));
        }
    }

    private static void CheckLeaf(JsonCursor? leaf)
    {
        if (leaf is not null && leaf.IsObjectOf("type", "value", "salt_b64u"))
        {
            PayloadRules.OneOf(leaf.Required("type"), Types);
            _ = leaf.Required("value");
            PayloadRules.Hash(leaf.Required("salt_b64u"));
        }
    }
}
