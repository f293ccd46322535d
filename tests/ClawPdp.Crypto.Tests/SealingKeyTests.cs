using ClawPdp.Core.Encoding;
using ClawPdp.Crypto.Sealing;

namespace ClawPdp.Crypto.Tests;

/// <summary>A sealed seed opens with its passphrase, for its key and purpose, and unchanged; otherwise it does not.</summary>
public sealed class SealingKeyTests : IDisposable
{
    // Cheap, as no one is kept out.
    private static readonly SealingRecipe Recipe = new("AAECAwQFBgcICQoLDA0ODw", SealingRecipe.MemoryKibMin, 1);
    private static readonly byte[] Seed = Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    private readonly Ed25519SigningKey _owner = Ed25519SigningKey.FromSeed(Seed);
    private readonly SealingKey _key = SealingKey.Derive("correct horse battery"u8, Recipe);

    public void Dispose()
    {
        _owner.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void TryOpen_WithThePassphrase_GivesTheSeed()
    {
        using var again = SealingKey.Derive("correct horse battery"u8, Recipe);

        Assert.True(Opens(again, Box(), KeyPurpose.Token, _owner.PublicKey));
    }

    [Fact]
    public void Seal_Twice_GivesTwoTexts()
    {
        Assert.NotEqual(Box(), Box());
        Assert.DoesNotContain(Base64UrlText.Encode(Seed), Box().Ciphertext, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("correct horse batterz", "AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("correct horse battery", "AQECAwQFBgcICQoLDA0ODw")]
    public void TryOpen_OtherPassphraseOrSalt_Refuses(string passphrase, string salt)
    {
        using var other = SealingKey.Derive(System.Text.Encoding.UTF8.GetBytes(passphrase), Recipe with { Salt = salt });

        Assert.False(Opens(other, Box(), KeyPurpose.Token, _owner.PublicKey));
    }

    [Fact]
    public void TryOpen_ForAnotherPurposeOrKey_Refuses()
    {
        using var stranger = Ed25519SigningKey.Generate();

        Assert.False(Opens(_key, Box(), KeyPurpose.Receipt, _owner.PublicKey));
        Assert.False(Opens(_key, Box(), KeyPurpose.Token, stranger.PublicKey));
    }

    [Fact]
    public void TryOpen_OneBitChanged_Refuses()
    {
        var box = Box();
        for (var bit = 0; bit < SealedSeed.CiphertextSizeBytes * 8; bit += 7)
        {
            Assert.False(Opens(_key, box with { Ciphertext = Flip(box.Ciphertext, bit) }, KeyPurpose.Token, _owner.PublicKey), $"bit {bit}");
        }

        Assert.False(Opens(_key, box with { Nonce = Flip(box.Nonce, 0) }, KeyPurpose.Token, _owner.PublicKey));
        Assert.False(Opens(_key, box with { Ciphertext = box.Ciphertext[..^4] }, KeyPurpose.Token, _owner.PublicKey));
    }

    [Theory]
    [InlineData(SealingRecipe.MemoryKibMin - 1, 1)]
    [InlineData(SealingRecipe.MemoryKibMax + 1, 1)]
    [InlineData(SealingRecipe.MemoryKibMin, 0)]
    [InlineData(SealingRecipe.MemoryKibMin, SealingRecipe.PassesMax + 1)]
    public void Derive_CostOutOfBounds_Throws(int memoryKib, int passes) =>
        Assert.Throws<FormatException>(() => SealingKey.Derive("correct horse battery"u8, Recipe with { MemoryKib = memoryKib, Passes = passes }));

    private static string Flip(string text, int bit)
    {
        Assert.True(Base64UrlText.TryDecode(text, out var bytes));
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return Base64UrlText.Encode(bytes);
    }

    private static bool Opens(SealingKey key, SealedSeed box, KeyPurpose purpose, Ed25519PublicKey publicKey)
    {
        var seed = new byte[Ed25519SigningKey.SeedSizeBytes];
        var opens = key.TryOpen(box, purpose, publicKey, seed);
        Assert.Equal(opens, seed.AsSpan().SequenceEqual(Seed));
        return opens;
    }

    private SealedSeed Box() => _key.Seal(KeyPurpose.Token, _owner.PublicKey, Seed);
}
