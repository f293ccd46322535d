using System.Threading.Channels;
using ClawPdp.Server.Connections;
using Microsoft.AspNetCore.Connections;

namespace ClawPdp.Server.Tests.Connections;

public sealed class PacedListenerTests
{
    [Fact]
    public async Task AcceptAsync_AllPlacesTaken_WaitsUntilOneIsGivenBack()
    {
        await using var listener = new PacedListener(new EagerListener());
        var come = new List<ConnectionContext>();
        for (var count = 0; count < PacedListener.ArrivalsMax; count++)
        {
            come.Add(await listener.AcceptAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException());
        }

        var next = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(next.IsCompleted);

        // Twice, which gives one place back.
        Arrival.Of(come[3])?.End();
        Arrival.Of(come[3])?.End();

        Assert.NotNull(await next);
        Assert.False(listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted);
    }

    [Fact]
    public async Task UnbindAsync_WhileItWaits_EndsTheWaiting()
    {
        await using var listener = new PacedListener(new EagerListener());
        for (var count = 0; count < PacedListener.ArrivalsMax; count++)
        {
            _ = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        }

        var next = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        await listener.UnbindAsync(TestContext.Current.CancellationToken);

        Assert.Null(await next);
    }

    [Fact]
    public async Task AcceptAsync_ListenerThatIsOver_TakesNoPlace()
    {
        var inner = new EagerListener { IsOver = true };
        await using var listener = new PacedListener(inner);
        for (var count = 0; count <= PacedListener.ArrivalsMax; count++)
        {
            Assert.Null(await listener.AcceptAsync(TestContext.Current.CancellationToken));
        }

        inner.IsOver = false;

        Assert.NotNull(await listener.AcceptAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunAsync_OneGaveWay_GivesThePlaceBackWhenThatIsClosed()
    {
        var room = new ConnectionRoom(new() { ConnectionsMax = 1 }, new ConnectionMeter(), TimeProvider.System);
        var places = Channel.CreateUnbounded<byte>();
        var old = new RoomConnection();
        var young = new RoomConnection();
        old.Features.Set(new Arrival(places.Writer));
        young.Features.Set(new Arrival(places.Writer));
        old.Serve(room, peer: null);
        Assert.Equal(1, places.Reader.Count);

        young.Serve(room, peer: null);

        Assert.True(old.IsAborted);
        Assert.Equal(1, places.Reader.Count);
        await old.EndAsync();
        Assert.Equal(2, places.Reader.Count);
    }
}
