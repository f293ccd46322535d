using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace ClawPdp.Server.Connections;

/// <summary>
/// One of the few places of a listener for connections that came and have no seat yet, or gave theirs up and are still closing; a feature of the
/// connection. While all are taken the listener accepts nothing: what comes waits in the kernel's queue, in its turn.
/// </summary>
internal sealed class Arrival
{
    private ChannelWriter<byte>? _places;

    public Arrival(ChannelWriter<byte> places) => _places = places;

    /// <summary>Gives the arrival of a connection; <see langword="null"/> when its listener has no such places.</summary>
    public static Arrival? Of(ConnectionContext connection) => connection.Features.Get<Arrival>();

    /// <summary>Gives the place back, once.</summary>
    public void End() => Interlocked.Exchange(ref _places, null)?.TryWrite(0);
}
