using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Connections;

namespace ClawPdp.Server.Connections;

/// <summary>
/// The places of a listener: so many for all, and so many of them for one peer. Where there is none left, a connection that has sent no request
/// gives way to one that comes new: of the same peer where its share is full, and the oldest of all where the listener is. So whoever would
/// hold places has to send requests, and whoever sends one at once keeps his. Safe for concurrent use.
/// </summary>
internal sealed class ConnectionRoom
{
    // How long a silent connection has that was asked to close.
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(1);

    private readonly Lock _changing = new();
    private readonly LinkedList<ConnectionSeat> _silent = new();
    private readonly NamedCounts<string> _shares = new(StringComparer.Ordinal);
    private readonly LimitSettings _limits;
    private readonly ConnectionMeter _meter;
    private readonly TimeProvider _time;
    private int _count;

    public ConnectionRoom(LimitSettings limits, ConnectionMeter meter, TimeProvider time)
    {
        _limits = limits;
        _meter = meter;
        _time = time;
    }

    /// <summary>Serves a connection if there is room for it, and closes it at once otherwise.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="peer">Whose it is; <see langword="null"/> where nobody can tell, and no share is full.</param>
    /// <param name="next">Serves it.</param>
    public async Task RunAsync(ConnectionContext connection, string? peer, ConnectionDelegate next)
    {
        var seat = new ConnectionSeat(this, connection, peer);
        var arrival = Arrival.Of(connection);
        if (Enter(seat, arrival) is var cause and not ClosingCause.None)
        {
            _meter.Count(cause);
            seat.Abort("there is no room for it");
            arrival?.End();
            return;
        }

        connection.Features.Set(seat);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(seat);
        }
    }

    /// <summary>Takes note that a connection sent a request: it keeps its place.</summary>
    public void Keep(ConnectionSeat seat)
    {
        ITimer? patience;
        lock (_changing)
        {
            Unlist(seat);
            patience = seat.Patience;
        }

        patience?.Dispose();
    }

    private ClosingCause Enter(ConnectionSeat seat, Arrival? arrival)
    {
        ConnectionSeat? leaving = null;
        lock (_changing)
        {
            var full = FindFull(seat.Peer);
            if (full is not ClosingCause.None)
            {
                leaving = FindSilent(full is ClosingCause.Peer ? seat.Peer : null);
                if (leaving is null)
                {
                    return full;
                }

                Remove(leaving);
                leaving.Heir = arrival;
            }

            _count++;
            _silent.AddLast(seat.Node);
            if (seat.Peer is { } peer)
            {
                _shares.Add(peer);
            }

            seat.Patience = _time.CreateTimer(_ => EndPatience(seat), state: null, _limits.FirstRequestTimeout, Timeout.InfiniteTimeSpan);
        }

        if (leaving is null)
        {
            arrival?.End();
        }
        else
        {
            _meter.Count(ClosingCause.GaveWay);
            leaving.Abort("it sent no request, and gives way to another");
        }

        return ClosingCause.None;
    }

    private ClosingCause FindFull(string? peer)
    {
        if (peer is not null && _shares.Of(peer) >= _limits.PeerConnectionsMax)
        {
            return ClosingCause.Peer;
        }

        return _count >= _limits.ConnectionsMax ? ClosingCause.Full : ClosingCause.None;
    }

    // The oldest, of a peer or of all: whoever sends a request at once is never among them.
    private ConnectionSeat? FindSilent(string? peer)
    {
        var node = _silent.First;
        while (node is not null && peer is not null && !string.Equals(node.Value.Peer, peer, StringComparison.Ordinal))
        {
            node = node.Next;
        }

        return node?.Value;
    }

    private void EndPatience(ConnectionSeat seat)
    {
        bool isAsked;
        lock (_changing)
        {
            if (seat.IsOut || seat.Node.List is null)
            {
                return;
            }

            isAsked = seat.IsAsked;
            seat.IsAsked = true;
            _ = seat.Patience?.Change(LeavingTime, Timeout.InfiniteTimeSpan);
        }

        if (isAsked)
        {
            seat.Abort("it sent no request in time");
            return;
        }

        _meter.Count(ClosingCause.Silent);
        seat.RequestClose();
    }

    private void Leave(ConnectionSeat seat)
    {
        ITimer? patience;
        Arrival? heir;
        lock (_changing)
        {
            Remove(seat);
            (patience, heir) = (seat.Patience, seat.Heir);
        }

        patience?.Dispose();
        heir?.End();
    }

    // One that gave way is still closing when its place is taken, and leaves but once.
    private void Remove(ConnectionSeat seat)
    {
        if (seat.IsOut)
        {
            return;
        }

        seat.IsOut = true;
        Unlist(seat);
        _count--;
        if (seat.Peer is { } peer)
        {
            _shares.Take(peer);
        }
    }

    private void Unlist(ConnectionSeat seat)
    {
        if (seat.Node.List is not null)
        {
            _silent.Remove(seat.Node);
        }
    }
}
