using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ClawPdp.Server.Connections;

/// <summary>
/// A listener that accepts no faster than connections find their seats, and others leave theirs for them. Without this a burst of connections would
/// be open, with their descriptors, before the first of those that give way is closed.
/// </summary>
internal sealed class PacedListener : IConnectionListener
{
    /// <summary>How many connections a listener may have beside those with a seat.</summary>
    public const int ArrivalsMax = 16;

    private readonly IConnectionListener _listener;
    private readonly SemaphoreSlim _places = new(ArrivalsMax);
    private readonly CancellationTokenSource _unbound = new();

    public PacedListener(IConnectionListener listener) => _listener = listener;

    /// <inheritdoc/>
    public EndPoint EndPoint => _listener.EndPoint;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _places.WaitAsync(_unbound.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        var arrival = new Arrival(_places);
        try
        {
            var connection = await _listener.AcceptAsync(cancellationToken);
            if (connection is null)
            {
                arrival.End();
                return null;
            }

            connection.Features.Set(arrival);
            return connection;
        }
        catch
        {
            arrival.End();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        await _listener.UnbindAsync(cancellationToken);
    }

    /// <summary>Ends the listener. Its places are left to the collector: connections that are still closing give theirs back later.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _unbound.Dispose();
    }
}
