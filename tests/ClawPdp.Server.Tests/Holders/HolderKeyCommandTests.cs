using ClawPdp.Core.Identifiers;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Tests.Holders;

/// <summary>The commands that make a holder's key, and use it.</summary>
public sealed class HolderKeyCommandTests(HolderSidecar sidecar) : IClassFixture<HolderSidecar>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-holder-").FullName;

    private string KeyPath => Path.Combine(_directory, "key");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task New_AFile_IsAKeyForItsOwnerAlone()
    {
        Assert.Equal(ExitCodes.Ok, await RunAsync("holder-key", "new", "--out", KeyPath));

        using var key = HolderKeyFile.Open(KeyPath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal(43, key?.Thumbprint.Length);
        Assert.Equal(ExitCodes.Ok, await RunAsync("holder-key", "show", KeyPath, "--json"));
    }

    [Fact]
    public async Task New_AFileThatIsThere_IsLeftAlone()
    {
        await File.WriteAllTextAsync(KeyPath, "mine", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.BadInput, await RunAsync("holder-key", "new", "--out", KeyPath));

        Assert.Equal("mine", await File.ReadAllTextAsync(KeyPath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Create_ItsDid_IsOfTheSameKey()
    {
        var made = HolderKeyFile.Create(KeyPath);

        using var key = HolderKeyFile.Open(KeyPath);
        Assert.True(DidKey.TryDecode(made.Did, out var raw));
        Assert.Equal(Core.Tokens.HolderKey.OfEd25519(raw).Thumbprint, key?.Thumbprint);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public async Task Allowed_AKeyThatIsOpenToOthers_IsRefused(UnixFileMode more)
    {
        HolderKeyFile.Create(KeyPath);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        Assert.Equal(ExitCodes.BadInput, await AskAsync("token"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("{}")]
    public async Task Allowed_AFileThatIsNoKey_IsRefused(string text)
    {
        await File.WriteAllTextAsync(KeyPath, text, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(ExitCodes.BadInput, await AskAsync("token"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AllowedAndExplain_OfABoundToken_NeedItsKey(bool isUnix)
    {
        HolderKeyFile.Create(KeyPath);
        using var key = HolderKeyFile.Open(KeyPath) ?? throw new InvalidOperationException("no key");
        var token = await WriteTokenAsync(await sidecar.BoundTokenAsync(key.Thumbprint));
        var server = isUnix ? "unix:" + sidecar.SocketPath : sidecar.GrpcAddress;
        string[] allowed = ["policy", "allowed", "--server", server, "--token", token, "--kind", "tool", "--json"];
        string[] explain = ["policy", "explain", "--server", server, "--token", token, "--tool", "github", "--json"];

        Assert.Equal(ExitCodes.Ok, await RunAsync([.. allowed, "--holder-key", KeyPath]));
        Assert.Equal(ExitCodes.Ok, await RunAsync([.. explain, "--holder-key", KeyPath]));
        Assert.Equal(ExitCodes.BadVerdict, await RunAsync(allowed));
        Assert.Equal(ExitCodes.BadVerdict, await RunAsync(explain));
    }

    private static Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(arguments);

    private async Task<int> AskAsync(string token) =>
        await RunAsync("policy", "allowed", "--server", sidecar.GrpcAddress, "--token", await WriteTokenAsync(token), "--kind", "tool", "--holder-key", KeyPath);

    private async Task<string> WriteTokenAsync(string token)
    {
        var path = Path.Combine(_directory, "cst");
        await File.WriteAllTextAsync(path, token);
        return path;
    }
}
