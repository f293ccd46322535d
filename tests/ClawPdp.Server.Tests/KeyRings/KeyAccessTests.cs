using ClawPdp.Core.Json;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Demo;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.KeyRings;

/// <summary>A configuration is checked with the keys that it is for, and nothing is changed by it.</summary>
public sealed class KeyAccessTests : IDisposable
{
    private readonly KeyHome _home = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    public void Dispose()
    {
        _home.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void FaultOf_PassphraseOfTheKeys_IsNone()
    {
        var settings = Create(_home.Passphrase);
        new KeyConversion(settings.DataDirectory).Encrypt(new KeyVault(_home.Passphrase));
        var before = Snapshot(settings);

        Assert.Null(KeyAccess.FaultOf(settings));
        Assert.Equal(before, Snapshot(settings));
    }

    [Fact]
    public void FaultOf_AnotherPassphraseOrNone_SaysSoInOneLineWithoutIt()
    {
        var settings = Create(_home.Other);
        new KeyConversion(settings.DataDirectory).Encrypt(new KeyVault(_home.Passphrase));
        var before = Snapshot(settings);

        var wrong = KeyAccess.FaultOf(settings) ?? "";
        var none = KeyAccess.FaultOf(settings with { Keys = new KeySettings() }) ?? "";
        var missing = KeyAccess.FaultOf(settings with { Keys = new KeySettings { Passphrase = PassphraseFile.At(Path.Combine(_directory, "gone")) } }) ?? "";

        Assert.Contains("cannot be opened with the passphrase", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("staple", wrong, StringComparison.Ordinal);
        Assert.Contains("no passphrase is given", none, StringComparison.Ordinal);
        Assert.Contains("there is no passphrase file", missing, StringComparison.Ordinal);
        Assert.All((string[])[wrong, none, missing], static message => Assert.DoesNotContain('\n', message));
        Assert.Equal(before, Snapshot(settings));
    }

    [Fact]
    public void FaultOf_KeyOfAnAgentWithAnotherPassphrase_IsFound()
    {
        var settings = Create(_home.Passphrase);
        new KeyConversion(settings.DataDirectory).Encrypt(new KeyVault(_home.Passphrase));
        new AgentKeyStore(settings.DataDirectory, TimeProvider.System, new KeyVault(_home.Other)).Generate();

        Assert.Contains("agents", KeyAccess.FaultOf(settings) ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void FaultOf_BeforeTheFirstStart_TriesThePassphraseAndMakesNoFolder()
    {
        var settings = Create(_home.Passphrase) with { DataDirectory = Path.Combine(_directory, "later") };

        Assert.Null(KeyAccess.FaultOf(settings));
        Assert.False(Directory.Exists(settings.DataDirectory));
    }

    [Fact]
    public async Task ConfigCheck_WrongPassphrase_FailsWithTheMember()
    {
        var installation = DemoInstallation.Create(_directory, "https://127.0.0.1:9/", "127.0.0.1:0", "127.0.0.1:0", TimeProvider.System);
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["config", "check", installation.ConfigPath]));
        new KeyConversion(installation.DataDirectory).Encrypt(new KeyVault(_home.Passphrase));

        Assert.Equal(ExitCodes.BadConfiguration, await CommandLine.RunAsync(["config", "check", installation.ConfigPath]));

        Configure(installation.ConfigPath, _home.Other);
        Assert.Equal(ExitCodes.BadConfiguration, await CommandLine.RunAsync(["config", "check", installation.ConfigPath]));

        Configure(installation.ConfigPath, _home.Passphrase);
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["config", "check", installation.ConfigPath]));
    }

    private static void Configure(string path, PassphraseFile passphrase)
    {
        var config = JsonReader.Parse(File.ReadAllBytes(path), 1 << 16).Value;
        var keys = new JsonObjectBuilder().Add("passphrase_file", passphrase.Path).Build();
        File.WriteAllBytes(path, JsonWriter.WriteCanonical(JsonValue.ObjectOf([.. config.Members.Where(static member => member.Name != "keys"), new JsonMember("keys", keys)])));
    }

    private static List<(string Path, DateTime Written, string Content)> Snapshot(ServerSettings settings) =>
    [
        .. Directory.EnumerateFiles(settings.DataDirectory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(static path => (path, File.GetLastWriteTimeUtc(path), File.ReadAllText(path))),
    ];

    private ServerSettings Create(PassphraseFile passphrase)
    {
        var installation = DemoInstallation.Create(_directory, "https://127.0.0.1:9/", "127.0.0.1:0", "127.0.0.1:0", TimeProvider.System);
        return SettingsLoader.Load(installation.ConfigPath, new Dictionary<string, string>(StringComparer.Ordinal)).Value with { Keys = new KeySettings { Passphrase = passphrase } };
    }
}
