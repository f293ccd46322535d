using System.Net.Sockets;

namespace ClawPdp.EndToEnd.Tests;

/// <summary><c>clawpdp health</c> and the notices to a service manager.</summary>
public sealed class HealthCommandTests
{
    [Theory]
    [InlineData(0, "SERVING")]
    [InlineData(0, "SERVING", "--service", "clawpdp.v1.DecisionService")]
    [InlineData(0, "SERVING", "--alive")]
    [InlineData(1, "NotFound", "--service", "no.such.Service")]
    [InlineData(65, "neither HOST:PORT nor unix:/PATH", "--server", "http://127.0.0.1:7080")]
    [InlineData(64, "--time-limit-ms", "--time-limit-ms", "0")]
    public async Task Health_OfASidecarThatServes_EndsAsItIs(int code, string words, params string[] options)
    {
        await using var home = new SidecarHome();
        await using var sidecar = await home.StartAsync();
        string[] server = options.Contains("--server", StringComparer.Ordinal) ? [] : ["--server", sidecar.Address.Replace("http://", "", StringComparison.Ordinal)];

        var (ended, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, ["health", .. server, .. options]);

        Assert.Equal(code, ended);
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix:/nowhere/clawpdp.sock")]
    [InlineData("127.0.0.1:1")]
    public async Task Health_WhereNobodyListens_EndsBad(string address)
    {
        var (code, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, ["health", "--alive", "--server", address]);

        Assert.Equal(1, code);
        Assert.Contains("Unavailable", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_UnderAServiceManager_TellsThatItListensAndThatItStops()
    {
        await using var home = new SidecarHome();
        var path = Path.Combine(home.Folder, "notify.sock");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        await using var sidecar = await home.StartAsync(new KeyValuePair<string, string>("NOTIFY_SOCKET", path));

        Assert.Equal("READY=1", await NextAsync(manager));

        await sidecar.Process.TerminateAsync();

        Assert.Equal("STOPPING=1", await NextAsync(manager));
    }

    private static async Task<string> NextAsync(Socket manager)
    {
        var buffer = new byte[64];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var count = await manager.ReceiveAsync(buffer, SocketFlags.None, limit.Token);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, count);
    }
}
