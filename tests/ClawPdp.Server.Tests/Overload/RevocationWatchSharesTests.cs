using ClawPdp.Server.Cli;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Server.Tests.Overload;

/// <summary>The places of those who watch revocations: a peer has its share of them, on however many connections, and the others have the rest.</summary>
public sealed class RevocationWatchSharesTests : IAsyncLifetime
{
    private const int PlacesMax = 8;
    private const int PeerMax = 3;

    private readonly SmallSidecar _sidecar = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sidecar.InitializeAsync();

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    [Fact]
    public async Task WatchRevocations_OneUserOnManyConnections_HasItsShareAndAnotherPeerGetsIn()
    {
        using var users = new Watchers(_sidecar.OpenSocket);
        for (var count = 0; count < PeerMax; count++)
        {
            Assert.Null(await users.EnterAsync());
        }

        var refusal = await users.EnterAsync();

        Assert.Equal(StatusCode.ResourceExhausted, refusal?.StatusCode);
        Assert.Equal("this peer's share of the places to watch revocations is full; end one of its watches, or retry later", refusal?.Status.Detail);
        using var others = new Watchers(_sidecar.Channel);
        Assert.Null(await others.EnterAsync());
    }

    [Fact]
    public async Task WatchRevocations_OneOfAFullShareEnds_GivesItsPlaceBack()
    {
        using var users = new Watchers(_sidecar.OpenSocket);
        for (var count = 0; count < PeerMax; count++)
        {
            Assert.Null(await users.EnterAsync());
        }

        Assert.NotNull(await users.EnterAsync());
        users.EndFirst();

        // The sidecar hears of it a moment later.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var refusal = await users.EnterAsync();
        for (var attempt = 0; attempt < 6_000 && refusal is not null; attempt++)
        {
            await pace.WaitForNextTickAsync(Cancellation);
            refusal = await users.EnterAsync();
        }

        Assert.Null(refusal);
        Assert.NotNull(await users.EnterAsync());
    }

    [Fact]
    public async Task WatchRevocations_EveryPlaceTaken_IsRefusedForAll()
    {
        // Over loopback TCP each connection is a peer.
        using var connections = new Watchers(_sidecar.Channel);
        for (var count = 0; count < PlacesMax; count++)
        {
            Assert.Null(await connections.EnterAsync());
        }

        using var users = new Watchers(_sidecar.OpenSocket);
        var refusal = await users.EnterAsync();

        Assert.Equal(StatusCode.ResourceExhausted, refusal?.StatusCode);
        Assert.Equal("all places to watch revocations are taken; retry later", refusal?.Status.Detail);
    }

    /// <summary>Calls that watch, each on a connection of its own.</summary>
    private sealed class Watchers : IDisposable
    {
        private readonly Func<GrpcChannel> _open;
        private readonly List<(GrpcChannel Channel, AsyncServerStreamingCall<WatchRevocationsResponse> Call)> _inside = [];

        public Watchers(Func<GrpcChannel> open) => _open = open;

        /// <summary>Begins one.</summary>
        /// <returns>Why it was refused; <see langword="null"/> when it has its place.</returns>
        public async Task<RpcException?> EnterAsync()
        {
            var channel = _open();
            var call = new TokenService.TokenServiceClient(channel).WatchRevocations(new WatchRevocationsRequest(), cancellationToken: Cancellation);
            try
            {
                Assert.True(await call.ResponseStream.MoveNext(Cancellation));
                _inside.Add((channel, call));
                return null;
            }
            catch (RpcException refusal)
            {
                End(channel, call);
                return refusal;
            }
        }

        public void EndFirst()
        {
            End(_inside[0].Channel, _inside[0].Call);
            _inside.RemoveAt(0);
        }

        public void Dispose()
        {
            foreach (var (channel, call) in _inside)
            {
                End(channel, call);
            }
        }

        private static void End(GrpcChannel channel, AsyncServerStreamingCall<WatchRevocationsResponse> call)
        {
            call.Dispose();
            channel.Dispose();
        }
    }

    private sealed class SmallSidecar : RunningSidecar
    {
        internal GrpcChannel OpenSocket() => SidecarConnection.Open(SidecarAddress.Of("unix:" + Settings.Listen.UnixSocketPath));

        private protected override ServerSettings Adjust(ServerSettings settings) =>
            settings with { Limits = new LimitSettings { RevocationWatchesMax = PlacesMax, PeerRevocationWatchesLimit = PeerMax } };
    }
}
