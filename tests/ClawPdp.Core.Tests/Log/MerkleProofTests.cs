using System.Globalization;
using ClawPdp.Core.Log;

namespace ClawPdp.Core.Tests.Log;

public sealed class MerkleProofTests
{
    private const int SizeMax = 70;

    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, SizeMax).Select(static number => MerkleTree.LeafHash([(byte)number]))];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void RootOf_TestVectorsOfCertificateTransparency_Agree(int size, string root)
    {
        string[] entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

        Assert.Equal(root, Convert.ToHexStringLower(MerkleTree.RootOf(entries.Take(size).Select(static entry => (ReadOnlyMemory<byte>)Convert.FromHexString(entry)))));
    }

    [Fact]
    public void Inclusion_EveryLeafOfEverySize_VerifiesThereAndNowhereElse()
    {
        for (var size = 1; size <= SizeMax; size++)
        {
            var root = Root(size);
            for (var index = 0; index < size; index++)
            {
                var path = MerkleProofs.Inclusion(index, size, ReaderOf(size));

                Assert.True(MerkleProofs.VerifyInclusion(Leaves[index], index, size, path, root));
                Assert.False(MerkleProofs.VerifyInclusion(Leaves[index], index + 1, size, path, root) && size > 1);
                Assert.False(MerkleProofs.VerifyInclusion(Flip(Leaves[index]), index, size, path, root));
                Assert.False(MerkleProofs.VerifyInclusion(Leaves[index], index, size, path, Flip(root)));
                Assert.False(MerkleProofs.VerifyInclusion(Leaves[index], index, size, path.Add(root), root));
                Assert.False(!path.IsEmpty && MerkleProofs.VerifyInclusion(Leaves[index], index, size, path.RemoveAt(0), root));
                Assert.False(!path.IsEmpty && MerkleProofs.VerifyInclusion(Leaves[index], index, size, path.SetItem(0, Flip(path[0])), root));
            }
        }
    }

    [Fact]
    public void Consistency_EveryPairOfSizes_VerifiesAndOneBitOffDoesNot()
    {
        for (var second = 0; second <= SizeMax; second++)
        {
            for (var first = 0; first <= second; first++)
            {
                var proof = MerkleProofs.Consistency(first, second, ReaderOf(second));

                Assert.True(MerkleProofs.VerifyConsistency(first, Root(first), second, Root(second), proof));
                Assert.False(MerkleProofs.VerifyConsistency(first, Root(first), second, Root(second), proof.Add(Root(1))));
                if (first > 0 && first < second)
                {
                    Assert.False(MerkleProofs.VerifyConsistency(first, Flip(Root(first)), second, Root(second), proof));
                    Assert.False(MerkleProofs.VerifyConsistency(first, Root(first), second, Flip(Root(second)), proof));
                    Assert.False(MerkleProofs.VerifyConsistency(first, Root(first), second, Root(second), proof.SetItem(0, Flip(proof[0]))));
                    Assert.False(MerkleProofs.VerifyConsistency(first, Root(first), second, Root(second), proof.RemoveAt(proof.Length - 1)));
                }
            }
        }
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    public void VerifyInclusion_PlaceOutsideTheTree_DoesNotHold(long index, long size) =>
        Assert.False(MerkleProofs.VerifyInclusion(Leaves[0], index, size, [], Leaves[0]));

    [Fact]
    public void TilesAt_SizeOfTheSpecification_AreItsTiles()
    {
        const long Size = 70_000;

        Assert.Equal((273, 112), Shape(0));
        Assert.Equal((1, 17), Shape(1));
        Assert.Equal((0, 1), Shape(2));
        Assert.Equal([0, 1, 2], TileLayout.LevelsOf(Size));
        Assert.Equal((273, 112), Shape(TileLayout.EntriesLevel));

        static (int Full, int Width) Shape(int level)
        {
            var tiles = TileLayout.TilesAt(level, Size).ToList();
            return (tiles.Count(static tile => tile.Width == TileLayout.Width), tiles.Where(static tile => tile.Width < TileLayout.Width).Sum(static tile => tile.Width));
        }
    }

    [Theory]
    [InlineData(0, 1_234_067, 256, "tile/0/x001/x234/067")]
    [InlineData(0, 1_234_067, 5, "tile/0/x001/x234/067.p/5")]
    [InlineData(2, 0, 1, "tile/2/000.p/1")]
    [InlineData(TileLayout.EntriesLevel, 999, 256, "tile/entries/999")]
    [InlineData(1, 1000, 256, "tile/1/x001/000")]
    public void PathOf_Tile_IsThatOfTheSpecification(int level, long index, int width, string path) =>
        Assert.Equal(path, TileLayout.PathOf(new TileAddress(level, index, width)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    public void EntryBundle_EntryOfAnyLength_IsReadAgain(int length)
    {
        var bundle = EntryBundle.Write([new byte[length], "x"u8.ToArray()]);

        Assert.Equal([length, 1], EntryBundle.Read(bundle)?.Select(static entry => entry.Length));
        Assert.Null(EntryBundle.Read(bundle.AsMemory(0, bundle.Length - 1)));
        Assert.Null(EntryBundle.Read(bundle.Append((byte)0).ToArray()));
    }

    [Fact]
    public void EntryBundle_EntryTooLong_IsRefused() => Assert.Throws<ArgumentException>(static () => EntryBundle.Write([new byte[65_536]]));

    [Fact]
    public void LogEntry_BothKinds_AreReadAgainInTheirOneForm()
    {
        const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        var record = new LogEntry { Kind = "receipt", FirstSequence = 7, LastSequence = 7, Hash = Hash, PayloadHash = Hash };
        var batch = new LogEntry { Kind = LogEntry.Decisions, FirstSequence = 8, LastSequence = 31, Hash = Hash };

        Assert.Equal($$"""{"entry_version":"1","kind":"receipt","payload_hash_b64u":"{{Hash}}","record_hash_b64u":"{{Hash}}","sequence":7}""", Encoding(record));
        Assert.Equal($$"""{"entry_version":"1","first_sequence":8,"kind":"decisions","last_sequence":31,"record_root_b64u":"{{Hash}}"}""", Encoding(batch));
        Assert.Equal(record, LogEntry.Parse(record.ToBytes()));
        Assert.Equal(batch, LogEntry.Parse(batch.ToBytes()));
        Assert.Null(LogEntry.Parse((batch with { LastSequence = 7 }).ToBytes()));
        Assert.Null(LogEntry.Parse((batch with { LastSequence = 8 + LogEntry.BatchCountMax }).ToBytes()));
        Assert.Null(LogEntry.Parse((record with { Hash = Hash[..42] + "V" }).ToBytes()));
        Assert.Null(LogEntry.Parse([.. record.ToBytes(), (byte)' ']));

        static string Encoding(LogEntry entry) => System.Text.Encoding.UTF8.GetString(entry.ToBytes());
    }

    private static byte[] Root(int size) => MerkleTree.RootOfHashes(Leaves.Take(size));

    private static byte[] Flip(byte[] hash) => [(byte)(hash[0] ^ 1), .. hash[1..]];

    private static NodeReader ReaderOf(int size) => (level, index) =>
    {
        var (first, count) = ((int)(index << level), 1 << level);
        Assert.True(first + count <= size, string.Create(CultureInfo.InvariantCulture, $"node {level}/{index} is not whole in a tree of {size}"));
        return MerkleTree.RootOfHashes(Leaves.Skip(first).Take(count));
    };
}
