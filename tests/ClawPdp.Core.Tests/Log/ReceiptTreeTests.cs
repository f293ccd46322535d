using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;

namespace ClawPdp.Core.Tests.Log;

public sealed class ReceiptTreeTests
{
    private static readonly string[] Leaves =
    [
        "DSbTxvgWcqfMio4CBOGtuIdqyEYyboRaurA8-fQuA0Y", "n08_OXpnFndgtmOlbTCGCJ_hEd6nE1L9gtq3sw8TULk", "-C4sgJbrzUpDuJdRxcHi9GWHLndMgm6gnVQrFud--ps",
    ];

    [Fact]
    public void Root_WorkedExample_IsReproduced()
    {
        var tree = new ReceiptTree(Leaves.Select(Decode));

        Assert.Equal("8shch6KO76cnjzMtPRtU2LrxZNHQZ9ufi2O3t6oVoSw", Base64UrlText.Encode(tree.Root.Span));
        Assert.Equal([Leaves[2], "hgCBuIdLbYrnLbPlZmaUJT2q9I7BbG3UdL-7veZHoFQ"], tree.PathOf(2).Select(static hash => Base64UrlText.Encode(hash)));
        Assert.Equal([Leaves[1], "hNhOO8Wm1PUQK6PwxKYCcSlHyDIZJBnZ8OFQqrKp_u0"], tree.PathOf(0).Select(static hash => Base64UrlText.Encode(hash)));
    }

    [Fact]
    public void Root_NoLeafAndOneLeaf_AreTheHashOfNothingAndTheLeaf()
    {
        Assert.Equal("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", Base64UrlText.Encode(new ReceiptTree([]).Root.Span));
        Assert.Equal(Leaves[0], Base64UrlText.Encode(new ReceiptTree([Decode(Leaves[0])]).Root.Span));
    }

    [Fact]
    public void PathOf_EveryLeafOfEverySize_LeadsToTheRoot()
    {
        for (var size = 1; size < 40; size++)
        {
            var tree = new ReceiptTree(Enumerable.Range(0, size).Select(static number => MerkleTree.LeafHash([(byte)number])));
            for (var index = 0; index < size; index++)
            {
                var path = tree.PathOf(index);

                Assert.Equal(ReceiptTree.PathLengthOf(size), path.Length);
                Assert.Equal(tree.Root.ToArray(), ReceiptTree.Climb(tree.Leaf(index).Span, index, path));
            }
        }
    }

    [Theory]
    [InlineData("inclusion_leaf0.json")]
    [InlineData("inclusion_leaf2.json")]
    public void ReceiptInclusion_WorkedExample_LeadsToItsRootAndIsWrittenAgain(string file)
    {
        var value = JsonReader.Parse(TestData.Vector(file), 1 << 16).Value;
        var proof = ReceiptInclusion.Read(value).Value;

        Assert.True(proof.LeadsToRoot());
        Assert.Equal(JsonWriter.CanonicalText(value), JsonWriter.CanonicalText(proof.ToJson()));
        Assert.False((proof with { LeafIndex = proof.LeafIndex ^ 1 }).LeadsToRoot());
        Assert.False((proof with { TreeSize = 5 }).LeadsToRoot());
        Assert.False((proof with { TreeSize = proof.LeafIndex }).LeadsToRoot());
        Assert.False((proof with { RootHash = Leaves[0] }).LeadsToRoot());
        Assert.False((proof with { AuditPath = proof.AuditPath.SetItem(0, proof.RootHash) }).LeadsToRoot());
        Assert.False((proof with { PublishedAt = "yesterday" }).LeadsToRoot());
    }

    private static byte[] Decode(string hash) => Base64UrlText.TryDecode(hash, out var bytes) ? bytes : throw new FormatException(hash);
}
