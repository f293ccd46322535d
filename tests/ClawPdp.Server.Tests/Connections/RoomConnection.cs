using ClawPdp.Server.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ClawPdp.Server.Tests.Connections;

/// <summary>A connection that is served until it is told to end, and remembers how it was closed.</summary>
internal sealed class RoomConnection : DefaultConnectionContext, IConnectionLifetimeNotificationFeature
{
    private readonly TaskCompletionSource _end = new();
    private Task _serving = Task.CompletedTask;

    public RoomConnection() => Features.Set<IConnectionLifetimeNotificationFeature>(this);

    public bool IsServed { get; private set; }

    public bool IsAsked { get; private set; }

    public bool IsAborted { get; private set; }

    public CancellationToken ConnectionClosedRequested { get; set; }

    public void Serve(ConnectionRoom room, string? peer) => _serving = room.RunAsync(this, peer, _ =>
    {
        IsServed = true;
        return _end.Task;
    });

    public void Hear() => (Features.Get<ConnectionSeat>() ?? throw new InvalidOperationException("it has no place")).Hear();

    public Task EndAsync()
    {
        _end.SetResult();
        return _serving;
    }

    public void RequestClose() => IsAsked = true;

    public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
}
