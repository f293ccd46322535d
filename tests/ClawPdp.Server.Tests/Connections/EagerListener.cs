using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ClawPdp.Server.Tests.Connections;

/// <summary>A listener to which connections come without end, until it is over.</summary>
internal sealed class EagerListener : IConnectionListener
{
    public bool IsOver { get; set; }

    public EndPoint EndPoint => new IPEndPoint(IPAddress.Loopback, 1);

    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<ConnectionContext?>(IsOver ? null : new RoomConnection());

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        IsOver = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
