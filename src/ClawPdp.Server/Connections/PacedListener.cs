using System.Net;
using System.Threading.Channels;
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
    private readonly Channel<byte> _places = Channel.CreateUnbounded<byte>();

    public PacedListener(IConnectionListener listener)
    {
        _listener = listener;
        for (var count = 0; count < ArrivalsMax; count++)
        {
            _places.Writer.TryWrite(0);
        }
    }

    /// <inheritdoc/>
    public EndPoint EndPoint => _listener.EndPoint;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _places.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }

        var arrival = new Arrival(_places.Writer);
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
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        // Whoever waits for a place waits no more.
        _places.Writer.TryComplete();
        return _listener.UnbindAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
