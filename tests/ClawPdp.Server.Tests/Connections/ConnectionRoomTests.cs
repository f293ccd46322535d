using ClawPdp.Server.Connections;
using ClawPdp.Server.Settings;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.Connections;

public sealed class ConnectionRoomTests
{
    private static readonly LimitSettings Limits = new() { ConnectionsMax = 4, PeerConnectionsLimit = 2, FirstRequestTimeout = TimeSpan.FromSeconds(5) };

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionMeter _meter = new();
    private readonly ConnectionRoom _room;

    public ConnectionRoomTests() => _room = new ConnectionRoom(Limits, _meter, _time);

    [Fact]
    public void RunAsync_BeyondTheShareOfAPeer_IsClosedAtOnce()
    {
        var kept = new[] { Heard("a"), Heard("a") };

        var refused = Open("a");

        Assert.True(refused.IsAborted);
        Assert.False(refused.IsServed);
        Assert.All(kept, static connection => Assert.False(connection.IsAborted));
        Assert.Equal(1, _meter.CountOf(ClosingCause.Peer));
        Assert.False(Open("b").IsAborted);
    }

    [Fact]
    public void RunAsync_NobodyToTell_HasNoShare()
    {
        for (var count = 0; count < Limits.ConnectionsMax; count++)
        {
            Assert.False(Heard(peer: null).IsAborted);
        }

        Assert.True(Open(peer: null).IsAborted);
        Assert.Equal(1, _meter.CountOf(ClosingCause.Full));
    }

    [Fact]
    public void RunAsync_FullOfHeardConnections_IsClosedAtOnce()
    {
        _ = new[] { Heard("a"), Heard("a"), Heard("b"), Heard("b") };

        Assert.True(Open("c").IsAborted);
        Assert.Equal(1, _meter.CountOf(ClosingCause.Full));
    }

    [Fact]
    public void RunAsync_FullWithSilentOnes_TakesThePlaceOfTheOldest()
    {
        var heard = Heard("a");
        var oldest = Open("a");
        var others = new[] { Open("b"), Open("b") };

        var taken = Open("c");

        Assert.False(taken.IsAborted);
        Assert.True(oldest.IsAborted);
        Assert.All([heard, .. others], static connection => Assert.False(connection.IsAborted));
        Assert.Equal(1, _meter.CountOf(ClosingCause.GaveWay));
    }

    [Fact]
    public void RunAsync_ShareFullWithSilentOnes_TakesThePlaceOfItsOwn()
    {
        var stranger = Open("b");
        var own = new[] { Open("a"), Open("a") };

        Assert.False(Open("a").IsAborted);
        Assert.Equal([true, false], own.Select(static connection => connection.IsAborted));
        Assert.False(stranger.IsAborted);
    }

    [Fact]
    public async Task RunAsync_ConnectionThatEnds_LeavesItsPlaceOnce()
    {
        var silent = Open("a");
        _ = Heard("a");
        var third = Heard("a");
        Assert.True(silent.IsAborted);
        await silent.EndAsync();
        Assert.True(Open("a").IsAborted);

        await third.EndAsync();

        Assert.False(Heard("a").IsAborted);
        Assert.True(Open("a").IsAborted);
    }

    [Fact]
    public void RunAsync_SilentForTooLong_IsAskedToCloseAndThenClosed()
    {
        var connection = Open("a");
        _time.Advance(Limits.FirstRequestTimeout - TimeSpan.FromTicks(1));
        Assert.False(connection.IsAsked);

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.True(connection.IsAsked);
        Assert.False(connection.IsAborted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(connection.IsAborted);
        Assert.Equal(1, _meter.CountOf(ClosingCause.Silent));
    }

    [Fact]
    public void Hear_InTime_KeepsTheConnection()
    {
        var connection = Open("a");
        _time.Advance(Limits.FirstRequestTimeout);
        Assert.True(connection.IsAsked);

        connection.Hear();
        _time.Advance(TimeSpan.FromDays(1));

        Assert.False(connection.IsAborted);
    }

    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(5, null, 3)]
    [InlineData(1024, null, 512)]
    [InlineData(8, 20, 8)]
    public void PeerConnectionsMax_ByTheListenersPlaces_IsHalfOrWhatIsAsked(int connections, int? asked, int share) =>
        Assert.Equal(share, new LimitSettings { ConnectionsMax = connections, PeerConnectionsLimit = asked }.PeerConnectionsMax);

    private RoomConnection Heard(string? peer)
    {
        var connection = Open(peer);
        connection.Hear();
        return connection;
    }

    private RoomConnection Open(string? peer)
    {
        var connection = new RoomConnection();
        connection.Serve(_room, peer);
        return connection;
    }
}
