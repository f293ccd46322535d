using System.Collections.Concurrent;
using System.Collections.Immutable;
using ClawPdp.Server.Connections;
using Microsoft.AspNetCore.Connections;

namespace ClawPdp.Server.Callers;

/// <summary>
/// The open connections of clients with certificates. Each is looked at again when authorities or lists of revoked certificates change, and
/// when something that it was accepted by ends; one that would not be let in now is closed with all that is under way on it.
/// </summary>
internal sealed class ClientConnections
{
    private readonly ConcurrentDictionary<ConnectionContext, ClientEvidence> _open = new();
    private readonly string _listener;
    private readonly ImmutableArray<SpiffePattern> _accepted;
    private readonly ConnectionMeter _meter;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ClientTrust? _trust;

    public ClientConnections(string listener, ImmutableArray<SpiffePattern> accepted, ConnectionMeter meter, TimeProvider time, ILogger logger)
    {
        _listener = listener;
        _accepted = accepted;
        _meter = meter;
        _time = time;
        _logger = logger;
    }

    /// <summary>Takes what counts from now on. Before any handshake goes by it, so that a connection is never looked at by what was before it.</summary>
    public void Take(ClientTrust? trust) => Volatile.Write(ref _trust, trust);

    /// <summary>Looks at all connections again that there is a reason to.</summary>
    public void Look()
    {
        foreach (var (connection, evidence) in _open)
        {
            _ = Look(connection, evidence);
        }
    }

    /// <summary>Serves a connection whose handshake is done.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        // The handshake lets nobody through of whom it kept nothing.
        if (connection.Features.Get<ClientEvidence>() is not { } evidence)
        {
            return;
        }

        _open[connection] = evidence;
        try
        {
            // Known first, and looked at then: what changes meanwhile is seen here, or by whoever looks at all.
            if (Look(connection, evidence))
            {
                await next(connection);
            }
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    private bool Look(ConnectionContext connection, ClientEvidence evidence)
    {
        var now = _time.GetUtcNow();
        var trust = Volatile.Read(ref _trust);
        if (ReferenceEquals(trust, evidence.Trust) && now < evidence.Until)
        {
            return true;
        }

        if (trust is not null && evidence.FindAgain(trust, _accepted, now) is { } renewed)
        {
            _ = _open.TryUpdate(connection, renewed, evidence);
            return true;
        }

        if (_open.TryRemove(connection, out _))
        {
            _meter.Count(ClosingCause.Client);
            Log.ClientCut(_logger, _listener, connection.Features.Get<Caller>()?.SpiffeId);
            connection.Abort(new ConnectionAbortedException("the client's certificate does not count any more"));
        }

        return false;
    }
}
