using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Keys;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests;

public sealed class KeyStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void LoadOrGenerate_FirstStart_MakesOneKeyForEachPurposeOpenToItsOwnerAlone()
    {
        var ring = Store().LoadOrGenerate();

        Assert.Equal([KeyPurpose.Token, KeyPurpose.Receipt, KeyPurpose.Policy, KeyPurpose.Log], ring.Keys.Select(static key => key.Purpose));
        Assert.Equal(4, ring.Keys.Select(static key => key.PublicKey.KeyId).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Directory.GetFiles(Path.Combine(_directory, "keys")), static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void LoadOrGenerate_SecondStart_KeepsTheKeys()
    {
        var first = Store().LoadOrGenerate();
        var second = Store().LoadOrGenerate();

        Assert.Equal(first.Keys.Select(static key => key.PublicKey.KeyId), second.Keys.Select(static key => key.PublicKey.KeyId));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    public void Load_KeyFileOpenToOthers_Refuses(UnixFileMode wider)
    {
        Store().LoadOrGenerate();
        var file = Directory.GetFiles(Path.Combine(_directory, "keys"))[0];
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | wider);

        Assert.Contains("chmod 600", Assert.Throws<UnsafeFileException>(() => Store().Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DirectoryOpenToOthers_Refuses()
    {
        Store().LoadOrGenerate();
        var directory = Path.Combine(_directory, "keys");
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupExecute);

        Assert.Throws<UnsafeFileException>(() => Store().Load());
    }

    [Fact]
    public void Load_SeedOfAnotherKey_Refuses()
    {
        var ring = Store().LoadOrGenerate();
        var file = Path.Combine(_directory, "keys", $"token-{ring.Keys[0].PublicKey.KeyId}.json");
        var text = File.ReadAllText(file);
        var seed = ring.Keys[1].Seed ?? [];
        var at = text.IndexOf("\"seed_b64u\":\"", StringComparison.Ordinal) + 13;
        File.WriteAllText(file, text[..at] + Core.Encoding.Base64UrlText.Encode(seed) + text[(at + 43)..]);

        Assert.Contains("seed", Assert.Throws<UnsafeFileException>(() => Store().Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rotate_OldKey_VerifiesForTheOverlapAndSignsNoMore()
    {
        var old = Store().LoadOrGenerate().ActiveOf(KeyPurpose.Token);
        _time.Advance(TimeSpan.FromSeconds(1));

        var fresh = Store().Rotate(KeyPurpose.Token, TimeSpan.FromHours(1));

        var ring = Store().Load();
        Assert.Equal(fresh.PublicKey.KeyId, ring.ActiveOf(KeyPurpose.Token)?.PublicKey.KeyId);
        var retired = Assert.Single(ring.Keys, key => key.PublicKey.KeyId == old?.PublicKey.KeyId);
        Assert.Null(retired.Seed);
        Assert.Equal(2, ring.AcceptedOf(KeyPurpose.Token, _time.GetUtcNow().AddHours(1)).Count());
        Assert.Single(ring.AcceptedOf(KeyPurpose.Token, _time.GetUtcNow().AddHours(1).AddMilliseconds(1)));
    }

    [Fact]
    public void Rotate_InTheSameInstant_TheNewKeySigns()
    {
        Store().LoadOrGenerate();

        var fresh = Store().Rotate(KeyPurpose.Token, TimeSpan.FromHours(1));

        Assert.Equal(fresh.PublicKey.KeyId, Store().Load().ActiveOf(KeyPurpose.Token)?.PublicKey.KeyId);
    }

    private KeyStore Store() => new(_directory, _time);
}
