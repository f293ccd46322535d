using System.Security.Cryptography;
using System.Text;
using ClawPdp.Files;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Health;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Reload;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.Callers;

public sealed class AdminTokenTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;
    private readonly FakeTimeProvider _time = new(Now);

    private string FilePath => Path.Combine(_directory, "tokens.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Find_KnownToken_GivesItsName()
    {
        Write(new AdminToken("one", Hash("text-1"), ExpiresAt: null), new AdminToken("two", Hash("text-2"), ExpiresAt: null));

        var store = Open();

        Assert.Equal("one", store.Find("text-1"));
        Assert.Equal("two", store.Find("text-2"));
        Assert.Null(store.Find("text-3"));
        Assert.Null(store.Find("text-1 "));
        Assert.Null(store.Find(""));
        Assert.Null(store.Find(new string('x', 100_000)));
    }

    [Fact]
    public void Find_Over_GivesNone()
    {
        Write(new AdminToken("one", Hash("text"), Now.AddSeconds(10)));
        var store = Open();

        Assert.Equal("one", store.Find("text"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(store.Find("text"));
    }

    [Fact]
    public async Task Reload_TokenTakenAway_DoesNotCount()
    {
        Write(new AdminToken("one", Hash("text"), ExpiresAt: null));
        var store = Open();
        Write();

        await store.ReloadAsync();

        Assert.Null(store.Find("text"));
        Assert.Null(store.Fault);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"tokens\":[{\"name\":\"a\"}]}")]
    [InlineData("{\"tokens\":[{\"name\":\"a b\",\"sha256\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"}]}")]
    [InlineData("{\"tokens\":[{\"name\":\"a\",\"sha256\":\"9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08\"}]}")]
    [InlineData("{\"tokens\":[{\"name\":\"a\",\"sha256\":\"9f86\"}]}")]
    [InlineData("{\"tokens\":[{\"name\":\"a\",\"sha256\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\",\"expires_at\":\"soon\"}]}")]
    [InlineData("{\"tokens\":[{\"name\":\"a\",\"sha256\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\",\"more\":1}]}")]
    public async Task Reload_BadFile_KeepsTheLastGoodOnesAndSaysSo(string content)
    {
        Write(new AdminToken("one", Hash("text"), ExpiresAt: null));
        var store = Open();
        DurableFile.Write(FilePath, Encoding.UTF8.GetBytes(content));

        await store.ReloadAsync();

        Assert.NotNull(store.Fault);
        Assert.Equal("one", store.Find("text"));
        Assert.Throws<StartFaultException>(Open);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task Reload_WritableByOthers_IsRefusedUntilMended(UnixFileMode mode)
    {
        Write(new AdminToken("one", Hash("text"), ExpiresAt: null));
        var store = Open();
        var good = File.GetUnixFileMode(FilePath);
        File.SetUnixFileMode(FilePath, good | mode);

        Assert.Throws<StartFaultException>(Open);
        await store.ReloadAsync();
        Assert.NotNull(store.Fault);
        File.SetUnixFileMode(FilePath, good);
        await store.ReloadAsync();
        Assert.Null(store.Fault);
    }

    [Fact]
    public async Task NewCommand_MakesATokenWhoseTextTheFileDoesNotHold()
    {
        var text = AdminTokenCommand.Make(FilePath, "ci", expiresAt: null);

        Assert.StartsWith(AdminTokenFile.Prefix, text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, await File.ReadAllTextAsync(FilePath), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal("ci", Open().Find(text));
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["admin-token", "new", "--file", FilePath, "--name", "ci"]));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["admin-token", "remove", "--file", FilePath, "--name", "ci"]));
        Assert.Null(Open().Find(text));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["admin-token", "new", "--file", FilePath, "--name", "ci", "--expires", "2027-01-01T00:00:00Z"]));
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["admin-token", "new", "--file", FilePath, "--name", "c i"]));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["admin-token", "remove", "--file", FilePath, "--name", "ci"]));
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["admin-token", "remove", "--file", FilePath, "--name", "ci"]));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private void Write(params AdminToken[] tokens) => DurableFile.Write(FilePath, AdminTokenFile.Write(tokens));

    private AdminTokenStore Open() => AdminTokenStore.Open(FilePath, new FaultBoard("tokens", new PolicyMeter(), NullLogger.Instance), _time);
}
