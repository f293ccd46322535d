using ClawPdp.Core.Encoding;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Tests.KeyRings;

/// <summary>Key files are encrypted, decrypted and encrypted anew in place, whatever a crash left of it, and open with their passphrase alone.</summary>
public sealed class KeyConversionTests : IDisposable
{
    private readonly KeyHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Encrypt_AllKeys_SignAsBeforeAndNoSeedIsLeft()
    {
        var seeds = _home.Store().LoadOrGenerate().Keys.Select(static key => Base64UrlText.Encode(key.Seed)).ToList();
        var agent = _home.Agents().Generate().PublicKey.Did;
        var ids = _home.Ids();

        Assert.Equal(5, _home.Conversion.Encrypt(new KeyVault(_home.Passphrase)));

        Assert.All(seeds, seed => Assert.DoesNotContain(seed, _home.Text(), StringComparison.Ordinal));
        Assert.DoesNotContain("seed_b64u", _home.Text(), StringComparison.Ordinal);
        Assert.Equal(ids, _home.Ids());
        using var key = _home.Store(_home.Passphrase).OpenActive(KeyPurpose.Log);
        using var held = _home.Agents(_home.Passphrase).Find(agent);
        Assert.Equal((ids[3], agent), (key.PublicKey.KeyId, held?.PublicKey.Did));
    }

    [Fact]
    public void Encrypt_OneSaltForAll_TakesOneDerivation()
    {
        _home.Store().LoadOrGenerate();
        _home.Agents().Generate();

        _home.Conversion.Encrypt(new KeyVault(_home.Passphrase));

        Assert.Single(_home.Store().LoadPublic().Keys.Select(static key => key.SealedSeed?.Recipe).Concat(_home.Agents().All().Select(static key => key.SealedSeed?.Recipe)).Distinct());
    }

    [Fact]
    public void OpenActive_WrongPassphrase_SaysSoInOneLine()
    {
        _home.Store().LoadOrGenerate();
        _home.Conversion.Encrypt(new KeyVault(_home.Passphrase));

        var fault = Assert.Throws<UnsafeFileException>(() => _home.Store(_home.Other).OpenActive(KeyPurpose.Token));
        var none = Assert.Throws<UnsafeFileException>(() => _home.Store().OpenActive(KeyPurpose.Token));

        Assert.Contains("cannot be opened with the passphrase", fault.Message, StringComparison.Ordinal);
        Assert.Contains("no passphrase is given", none.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void OpenActive_PassphrasePutRightMeanwhile_OpensWithTheSameVault()
    {
        _home.Store().LoadOrGenerate();
        _home.Conversion.Encrypt(new KeyVault(_home.Passphrase));
        var late = _home.Write("late", "not the right one");
        var store = _home.Store(late);
        Assert.Throws<UnsafeFileException>(() => store.OpenActive(KeyPurpose.Token));

        _home.Write("late", "correct horse battery");

        using var key = store.OpenActive(KeyPurpose.Token);
        Assert.Equal(_home.Ids()[0], key.PublicKey.KeyId);
    }

    [Fact]
    public void Load_PlainBesideEncrypted_RefusesUnlessTold()
    {
        _home.Store().LoadOrGenerate();
        var plain = _home.Files();
        _home.Conversion.Encrypt(new KeyVault(_home.Passphrase));
        KeyHome.Put(plain[..1]);

        var mixed = Assert.Throws<UnsafeFileException>(() => _home.Store(_home.Passphrase).Load());
        var without = Assert.Throws<UnsafeFileException>(() => _home.Store().Load());

        Assert.Contains("keys encrypt", mixed.Message, StringComparison.Ordinal);
        Assert.Contains("keys encrypt", without.Message, StringComparison.Ordinal);
        Assert.Equal(4, _home.Store(_home.Passphrase, allowsPlain: true).Load().Keys.Length);
    }

    [Fact]
    public void Find_PlainAgentBesideAPassphrase_Refuses()
    {
        var agent = _home.Agents().Generate().PublicKey.Did;

        Assert.Throws<UnsafeFileException>(() => _home.Agents(_home.Passphrase).Find(agent));
    }

    [Fact]
    public void LoadOrGenerate_WithAPassphrase_WritesNoPlainSeed()
    {
        var store = _home.Store(_home.Passphrase);
        store.LoadOrGenerate();
        store.Rotate(KeyPurpose.Token, TimeSpan.FromHours(1));
        _home.Agents(_home.Passphrase).Generate();

        Assert.DoesNotContain("seed_b64u", _home.Text(), StringComparison.Ordinal);
        Assert.Equal(5, store.Load().Keys.Count(static key => key.SealedSeed is not null || key.NotAfter is not null));
    }

    [Fact]
    public void Rotate_EncryptedKeysWithoutAPassphrase_WritesNothing()
    {
        _home.Store().LoadOrGenerate();
        _home.Conversion.Encrypt(new KeyVault(_home.Passphrase));
        var before = _home.Ids();

        Assert.Throws<UnsafeFileException>(() => _home.Store().Rotate(KeyPurpose.Token, TimeSpan.Zero));
        Assert.Throws<UnsafeFileException>(() => _home.Agents().Generate());

        Assert.Equal(before, _home.Ids());
    }

    [Fact]
    public void Encrypt_CrashAfterEachFile_TheSameCommandFinishes()
    {
        _home.Store().LoadOrGenerate();
        _home.Agents().Generate();
        var plain = _home.Files();
        var ids = _home.Ids();
        var vault = new KeyVault(_home.Passphrase);
        _home.Conversion.Encrypt(vault);
        var sealedFiles = _home.Files();
        for (var done = 0; done <= plain.Count; done++)
        {
            KeyHome.Put([.. sealedFiles[..done], .. plain[done..]]);
            var leftover = plain[0].Path + ".new";
            File.WriteAllBytes(leftover, plain[0].Content);

            Assert.Equal(plain.Count - done, _home.Conversion.Encrypt(vault));

            Assert.False(File.Exists(leftover));
            Assert.DoesNotContain("seed_b64u", _home.Text(), StringComparison.Ordinal);
            Assert.Equal(ids, _home.Ids());
        }
    }

    [Fact]
    public void Decrypt_CrashAfterEachFile_TheSameCommandFinishes()
    {
        _home.Store().LoadOrGenerate();
        var plain = _home.Files();
        var vault = new KeyVault(_home.Passphrase);
        _home.Conversion.Encrypt(vault);
        var sealedFiles = _home.Files();
        for (var done = 0; done <= plain.Count; done++)
        {
            KeyHome.Put([.. plain[..done], .. sealedFiles[done..]]);

            Assert.Equal(plain.Count - done, _home.Conversion.Decrypt(vault));

            Assert.Equal(plain.Select(static file => file.Content), _home.Files().Select(static file => file.Content));
        }
    }

    [Fact]
    public void Rekey_CrashAfterEachFile_TheSameCommandFinishes()
    {
        _home.Store().LoadOrGenerate();
        var (before, after) = (new KeyVault(_home.Passphrase), new KeyVault(_home.Other));
        _home.Conversion.Encrypt(before);
        var old = _home.Files();
        Assert.Equal(4, _home.Conversion.Rekey(before, after));
        var fresh = _home.Files();
        for (var done = 0; done <= old.Count; done++)
        {
            KeyHome.Put([.. fresh[..done], .. old[done..]]);

            Assert.Equal(old.Count - done, _home.Conversion.Rekey(before, after));

            using var key = _home.Store(_home.Other).OpenActive(KeyPurpose.Log);
            Assert.Throws<UnsafeFileException>(() => _home.Store(_home.Passphrase).OpenActive(KeyPurpose.Log));
            Assert.Single(_home.Store().LoadPublic().Keys.Select(static held => held.SealedSeed?.Recipe).Distinct());
        }
    }

    [Fact]
    public void Rekey_OneFileOfAnotherPassphrase_ChangesNothing()
    {
        _home.Store().LoadOrGenerate();
        _home.Conversion.Encrypt(new KeyVault(_home.Passphrase));
        var before = _home.Files();
        var third = new KeyVault(_home.Write("third", "neither of the two"));

        Assert.Throws<UnsafeFileException>(() => _home.Conversion.Rekey(third, new KeyVault(_home.Other)));

        Assert.Equal(before.Select(static file => file.Content), _home.Files().Select(static file => file.Content));
    }

    [Theory]
    [InlineData("\"purpose\":\"log\"", "\"purpose\":\"token\"")]
    [InlineData("\"cipher\":\"xchacha20-poly1305\"", "\"cipher\":\"none\"")]
    [InlineData("\"passes\":3", "\"passes\":2")]
    public void OpenActive_FileChanged_Refuses(string from, string to)
    {
        _home.Store().LoadOrGenerate();
        _home.Conversion.Encrypt(new KeyVault(_home.Passphrase));
        var (path, content) = _home.Files()[0];
        var text = System.Text.Encoding.UTF8.GetString(content);
        KeyHome.Put([(path, System.Text.Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)))]);
        var purpose = to.Contains("purpose", StringComparison.Ordinal) ? KeyPurpose.Token : KeyPurpose.Log;
        RemoveOthers(purpose, path);

        Assert.NotEqual(text, File.ReadAllText(path));
        Assert.Throws<UnsafeFileException>(() => _home.Store(_home.Passphrase).OpenActive(purpose));
    }

    [Theory]
    [InlineData("short", "12 to 4096 bytes")]
    [InlineData("", "12 to 4096 bytes")]
    public void Read_PassphraseOutOfBounds_Refuses(string text, string message) =>
        Assert.Contains(message, Assert.Throws<UnsafeFileException>(() => _home.Write("bad", text).Read()).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_PassphraseOpenToOthers_Refuses()
    {
        File.SetUnixFileMode(_home.Passphrase.Path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var credential = PassphraseFile.OfCredential(Path.GetDirectoryName(_home.Passphrase.Path) ?? "", "passphrase");

        Assert.Contains("chmod 600", Assert.Throws<UnsafeFileException>(() => _home.Passphrase.Read()).Message, StringComparison.Ordinal);
        Assert.Equal("correct horse battery"u8, credential.Read());
    }

    private void RemoveOthers(KeyPurpose purpose, string path)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_home.Data, "keys"), KeyPurposeText.NameOf(purpose) + "-*").Where(file => file != path))
        {
            File.Delete(file);
        }
    }
}
