using System.Net.Sockets;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Hosting;

namespace ClawPdp.Server.Tests.Hosting;

/// <summary>Where a socket is to be, only a dead socket is removed: never one that answers, and never what is none.</summary>
public sealed class StaleSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    private string At => Path.Combine(_folder, "s.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Clear_NothingThere_DoesNothing()
    {
        StaleSocket.Clear(At);

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Clear_SocketThatNobodyAnswersOn_IsRemoved()
    {
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // A socket of .NET takes its own file with it: not one that was moved away.
            left.Bind(new UnixDomainSocketEndPoint(At + ".moved"));
            File.Move(At + ".moved", At);
        }

        Assert.True(Path.Exists(At));

        StaleSocket.Clear(At);

        Assert.False(Path.Exists(At));
    }

    [Fact]
    public async Task Clear_SocketThatAnswers_IsRefusedAndStays()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(At));
        listener.Listen(1);

        Assert.Contains("another process listens", Assert.Throws<StartFaultException>(() => StaleSocket.Clear(At)).Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadConfiguration, await SignAsync());
        Assert.True(Path.Exists(At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a letter")]
    public async Task Clear_FileThatIsNoSocket_IsRefusedAndStays(string content)
    {
        await File.WriteAllTextAsync(At, content, TestContext.Current.CancellationToken);

        Assert.Throws<StartFaultException>(() => StaleSocket.Clear(At));
        Assert.Equal(ExitCodes.BadConfiguration, await SignAsync());
        Assert.Equal(content, await File.ReadAllTextAsync(At, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Clear_FolderOrLink_IsRefusedAndStays()
    {
        Directory.CreateDirectory(At);
        Assert.Throws<StartFaultException>(() => StaleSocket.Clear(At));
        Assert.True(Directory.Exists(At));

        Directory.Delete(At);
        File.CreateSymbolicLink(At, Path.Combine(_folder, "elsewhere"));
        File.WriteAllText(Path.Combine(_folder, "elsewhere"), "");
        Assert.Throws<StartFaultException>(() => StaleSocket.Clear(At));
        Assert.True(File.Exists(Path.Combine(_folder, "elsewhere")));
    }

    private Task<int> SignAsync() =>
        CommandLine.RunAsync(["signer", "--module", "/nowhere.so", "--token", "t", "--key", "k", "--pin-file", Path.Combine(_folder, "pin"), "--socket", At]);
}
