using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>A process that may open no more files or connections.</summary>
[Collection(BreakingTests.Name)]
public sealed class DescriptorTests
{
    private const int DescriptorMax = 160;
    private const int ConnectionCount = 300;

    [Fact]
    public async Task Connections_BeyondTheLimit_LeaveTheOthersServed()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        await using var sidecar = await home.StartUnderAsync("prlimit", string.Create(CultureInfo.InvariantCulture, $"--nofile={DescriptorMax}:{DescriptorMax}"), "--");
        var token = await sidecar.IssueAsync();
        Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(token, "run-files", "before"));
        var sockets = await ConnectAsync(sidecar.Address);

        var processorTime = ProcessorTimeOf(sidecar.Process.Id);
        for (var number = 0; number < 50; number++)
        {
            Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(token)).ReasonCode);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }

        var used = ProcessorTimeOf(sidecar.Process.Id) - processorTime;
        Assert.False(sidecar.Process.HasEnded, sidecar.Process.Output);
        sockets.ForEach(static socket => socket.Dispose());
        await LiveSidecar.UntilAsync(() => CanConnectAsync(sidecar.Address, token), "a new connection that is served");
        Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(token, "run-files", "after"));
        Assert.True(used < TimeSpan.FromMilliseconds(600), $"{used.TotalMilliseconds} ms of processor time in a second of waiting");
    }

    private static async Task<List<Socket>> ConnectAsync(string address)
    {
        var sockets = new List<Socket>();
        for (var number = 0; number < ConnectionCount; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, new Uri(address).Port));
        }

        return sockets;
    }

    private static async Task<bool> CanConnectAsync(string address, string token)
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(address);
        try
        {
            var answer = await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = LiveSidecar.Tool }, deadline: DateTime.UtcNow.AddSeconds(2));
            return answer.ReasonCode == ReasonCode.Allowed;
        }
        catch (Grpc.Core.RpcException)
        {
            return false;
        }
    }

    // proc(5): the 14th and 15th number of stat are ticks in user and kernel mode, a hundred a second.
    private static TimeSpan ProcessorTimeOf(int process)
    {
        var fields = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat")).Split(") ")[^1].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }
}
