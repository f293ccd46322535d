using System.Collections.Immutable;
using ClawPdp.Server.Keys;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.KeyRings;

/// <summary>A data directory with keys in it, a clock, and files with passphrases.</summary>
internal sealed class KeyHome : IDisposable
{
    private static readonly string[] Folders = ["keys", "agents"];

    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    public KeyHome()
    {
        Data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(Data);
        Passphrase = Write("passphrase", "correct horse battery\n");
        Other = Write("other", "staple correct horse\n");
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Data { get; }

    public PassphraseFile Passphrase { get; }

    public PassphraseFile Other { get; }

    public FakeTimeProvider Time { get; } = new(Start);

    public KeyConversion Conversion => new(Data);

    /// <summary>Gives the keys, with a passphrase or without one.</summary>
    public KeyStore Store(PassphraseFile? passphrase = null, bool allowsPlain = false) => new(Data, Time, new KeyVault(passphrase, allowsPlain));

    /// <summary>Gives the agents' keys, with a passphrase or without one.</summary>
    public AgentKeyStore Agents(PassphraseFile? passphrase = null) => new(Data, Time, new KeyVault(passphrase));

    /// <summary>Gives the ids of all keys, in the order of the ring.</summary>
    public ImmutableArray<string> Ids() => [.. Store().LoadPublic().Keys.Select(static key => key.PublicKey.KeyId)];

    /// <summary>Gives every key file with its content, in the order in which they are changed.</summary>
    public List<(string Path, byte[] Content)> Files() =>
    [
        .. Folders.Select(folder => Path.Combine(Data, folder)).Where(Directory.Exists)
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            .Select(static path => (path, File.ReadAllBytes(path))),
    ];

    /// <summary>Puts files back as they were.</summary>
    public static void Put(IEnumerable<(string Path, byte[] Content)> files)
    {
        foreach (var (path, content) in files)
        {
            File.WriteAllBytes(path, content);
        }
    }

    /// <summary>Gives the text of all key files.</summary>
    public string Text() => string.Concat(Files().Select(static file => System.Text.Encoding.UTF8.GetString(file.Content)));

    /// <summary>Writes a file of its owner alone.</summary>
    public PassphraseFile Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return PassphraseFile.At(path);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
