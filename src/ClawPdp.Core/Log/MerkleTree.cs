using System.Security.Cryptography;

namespace ClawPdp.Core.Log;

/// <summary>The tree hash of RFC 6962 section 2.1.</summary>
public static class MerkleTree
{
    /// <summary>Gives the root over entries, each hashed as a leaf: 32 bytes.</summary>
    public static byte[] RootOf(IEnumerable<ReadOnlyMemory<byte>> entries)
    {
        // Full subtrees of growing age, the oldest and largest first: an entry completes as many as its number has trailing ones.
        var subtrees = new Stack<byte[]>();
        var count = 0L;
        foreach (var entry in entries)
        {
            var hash = LeafHash(entry.Span);
            for (var bits = count; (bits & 1) == 1; bits >>= 1)
            {
                hash = NodeHash(subtrees.Pop(), hash);
            }

            subtrees.Push(hash);
            count++;
        }

        if (subtrees.Count == 0)
        {
            return SHA256.HashData([]);
        }

        var root = subtrees.Pop();
        while (subtrees.TryPop(out var left))
        {
            root = NodeHash(left, root);
        }

        return root;
    }

    private static byte[] LeafHash(ReadOnlySpan<byte> entry) => SHA256.HashData([0, .. entry]);

    private static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([1, .. left, .. right]);
}
