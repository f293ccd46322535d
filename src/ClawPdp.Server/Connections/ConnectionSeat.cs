using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ClawPdp.Server.Connections;

/// <summary>
/// The place of a connection at its listener; a feature of the connection. Until its first request has been read a connection is silent: it has
/// little time, and is the first to give way.
/// </summary>
internal sealed class ConnectionSeat
{
    private readonly ConnectionRoom _room;
    private readonly ConnectionContext _connection;
    private bool _isHeard;

    public ConnectionSeat(ConnectionRoom room, ConnectionContext connection, string? peer)
    {
        _room = room;
        _connection = connection;
        Peer = peer;
        Node = new LinkedListNode<ConnectionSeat>(this);
    }

    /// <summary>Gets whose share it is of; <see langword="null"/> for nobody's.</summary>
    public string? Peer { get; }

    /// <summary>Gets its place among the silent ones. The room's alone.</summary>
    public LinkedListNode<ConnectionSeat> Node { get; }

    /// <summary>Gets or sets the clock of its silence. The room's alone.</summary>
    public ITimer? Patience { get; set; }

    /// <summary>Gets or sets a value indicating whether it was asked to close. The room's alone.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Gets or sets the arrival of the one that it gave way to, whose place counts until it is closed. The room's alone.</summary>
    public Arrival? Heir { get; set; }

    /// <summary>Gets or sets a value indicating whether its place is free again. The room's alone.</summary>
    public bool IsOut { get; set; }

    /// <summary>Takes note that a request was read; cheap after the first.</summary>
    public void Hear()
    {
        if (!Volatile.Read(ref _isHeard))
        {
            Volatile.Write(ref _isHeard, true);
            _room.Keep(this);
        }
    }

    /// <summary>Asks the connection to close, so that a request that is on its way is not lost.</summary>
    public void RequestClose() => _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    /// <summary>Closes the connection.</summary>
    public void Abort(string why) => _connection.Abort(new ConnectionAbortedException(why));
}
