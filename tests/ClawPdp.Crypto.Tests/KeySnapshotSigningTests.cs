using ClawPdp.Core.Json;

namespace ClawPdp.Crypto.Tests;

/// <summary>The list of the token keys is signed by a token key alone, and its text is nothing that a token could be.</summary>
public sealed class KeySnapshotSigningTests
{
    private static readonly JsonValue Snapshot = new JsonObjectBuilder().Add("snapshot_version", "1").Add("active_kid", "21fe31dfa154a261").Build();

    [Fact]
    public void SignKeySnapshot_ByATokenKey_VerifiesOverTheTextInItsOrder()
    {
        using var key = Key(KeyPurpose.Token);

        var signature = key.SignKeySnapshot(Snapshot, out var text);

        Assert.Equal("""{"snapshot_version":"1","active_kid":"21fe31dfa154a261"}"""u8, text);
        Assert.True(key.PublicKey.Verify(text, signature));
        text[^2] ^= 1;
        Assert.False(key.PublicKey.Verify(text, signature));
    }

    [Theory]
    [InlineData(KeyPurpose.Receipt)]
    [InlineData(KeyPurpose.Policy)]
    [InlineData(KeyPurpose.Log)]
    [InlineData(KeyPurpose.Agent)]
    public void SignKeySnapshot_ByAnotherKey_Refuses(KeyPurpose purpose)
    {
        using var key = Key(purpose);

        Assert.Throws<InvalidOperationException>(() => key.SignKeySnapshot(Snapshot, out _));
    }

    [Fact]
    public void SignKeySnapshot_NoObject_Refuses()
    {
        using var key = Key(KeyPurpose.Token);

        Assert.Throws<InvalidOperationException>(() => key.SignKeySnapshot(JsonValue.Of("eyJhbGciOiJFZERTQSJ9.e30"), out _));
    }

    private static PurposeKey Key(KeyPurpose purpose) => new(purpose, Ed25519SigningKey.FromSeed(new byte[32]));
}
