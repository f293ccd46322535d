using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClawPdp.Ledger;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Hosting;
using ClawPdp.Server.Overload;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ClawPdp.Server.Tests.Overload;

public sealed class OverloadPartsTests
{
    [Theory]
    [InlineData(0, 1000, 0, 5)]
    [InlineData(100, 1000, 0, 100)]
    [InlineData(100, 1000, 50, 150)]
    [InlineData(4096, 10, 0, 5000)]
    public void RetryHint_OfAPace_IsTheTimeThatWhatIsUnderWayTakesWithinBounds(int calls, double pace, int spread, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryHint.Of(calls, pace, spread));

    [Fact]
    public void CallRefusal_ToException_SaysWhatIsFullAndWhenToComeAgain()
    {
        var exception = new CallRefusal(FullShare.Token, TimeSpan.FromMilliseconds(36.2)).ToException();

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
        Assert.Equal("overloaded: this token's share of the calls under way is full; retry in 37 ms", exception.Status.Detail);
        Assert.Equal("37", exception.Trailers.GetValue("grpc-retry-pushback-ms"));
    }

    [Theory]
    [InlineData(1024, 1_048_576, 3, 1024)]
    [InlineData(1024, 1024, 3, 256)]
    [InlineData(1024, 256, 2, 8)]
    [InlineData(4, 256, 2, 4)]
    public void DescriptorLimit_Bound_LeavesDescriptorsForWhatIsNoConnection(int wanted, int descriptors, int listeners, int bounded) =>
        Assert.Equal(bounded, DescriptorLimit.Bound(wanted, descriptors, listeners));

    [Fact]
    public async Task PeerOf_UnixSocket_IsTheCallersProcess()
    {
        var path = Path.Combine(Path.GetTempPath(), "clawpdp-" + Guid.NewGuid().ToString("N")[..8]);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var caller = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await caller.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        using var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        File.Delete(path);
        var connection = new DefaultConnectionContext("c1");
        connection.Features.Set<IConnectionSocketFeature>(new AcceptedSocket(accepted));

        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}"),
            PeerNaming.PeerOf(connection, PeerCredentials.Of(connection.Features.Get<IConnectionSocketFeature>()?.Socket)).Name);
    }

    [Theory]
    [InlineData("127.0.0.1", "connection c1")]
    [InlineData("::1", "connection c1")]
    [InlineData("192.0.2.7", "address 192.0.2.7")]
    public void PeerOf_Tcp_IsTheAddressOrOnLoopbackTheConnection(string address, string name)
    {
        var connection = new DefaultConnectionContext("c1") { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) };

        Assert.Equal(name, PeerNaming.PeerOf(connection, peer: null).Name);
    }

    [Fact]
    public async Task DiskWork_DiskHangs_HoldsFewThreadsAndRefusesTheRest()
    {
        DiskWork.ReserveThreads();
        using var disk = new DiskWork();
        using var answers = new ManualResetEventSlim();
        var hanging = Enumerable.Range(0, 50).Select(_ => Task.Run(() => disk.RunAsync(
            () =>
            {
                answers.Wait();
                return 1;
            },
            CancellationToken.None))).ToList();
        var hangingLong = Enumerable.Range(0, 50).Select(_ => Task.Run(() => disk.RunLongAsync(
            () =>
            {
                answers.Wait();
                return 1;
            },
            CancellationToken.None))).ToList();

        // Others go on all the while.
        for (var question = 0; question < 200; question++)
        {
            await Task.Run(static () => 1).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        var all = hanging.Concat(hangingLong).ToList();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var look = 0; look < 1_500 && all.Count(static task => task.IsFaulted) < 100 - 4 - 2; look++)
        {
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        answers.Set();

        Assert.Equal(4 + 2, (await Task.WhenAll(all.Where(static task => !task.IsFaulted))).Sum());
        Assert.All(all.Where(static task => task.IsFaulted), static task => Assert.IsType<LedgerException>(task.Exception?.InnerException));
    }

    private sealed class AcceptedSocket(Socket socket) : IConnectionSocketFeature
    {
        public Socket Socket { get; } = socket;
    }
}
