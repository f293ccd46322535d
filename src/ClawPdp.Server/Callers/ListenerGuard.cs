using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Connections;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClawPdp.Server.Callers;

/// <summary>Stands at a listener: turns away whom it is not for before any request is read, and says of the rest who they are.</summary>
internal sealed class ListenerGuard
{
    private readonly ListenerSettings _settings;
    private readonly ConnectionRoom _room;
    private readonly TlsGuard? _tls;
    private readonly AdminTokenStore? _tokens;
    private readonly ILogger _logger;

    public ListenerGuard(ListenerSettings settings, ConnectionRoom room, TlsGuard? tls, AdminTokenStore? tokens, ILogger logger)
    {
        _settings = settings;
        _room = room;
        _tls = tls;
        _tokens = tokens;
        _logger = logger;
    }

    /// <summary>Puts itself before a listener's connections. The order counts: the kernel's word, a place, then the handshake, then the name.</summary>
    public void Use(ListenOptions options)
    {
        options.Use(next => connection => EnterAsync(connection, next));
        _tls?.Use(options);
        options.Use(next => connection =>
        {
            Name(connection);
            return next(connection);
        });
    }

    private Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var peer = PeerCredentials.Of(connection.Features.Get<IConnectionSocketFeature>()?.Socket);
        if (_settings.Peers is { } peers && !peers.Admit(peer))
        {
            Log.PeerRefused(_logger, _settings.Name, peer?.UserId, peer?.ProcessId);
            Arrival.Of(connection)?.End();
            return Task.CompletedTask;
        }

        connection.Features.Set(peer);
        return _room.RunAsync(connection, ConnectionPeers.NameOf(connection.RemoteEndPoint, peer), next);
    }

    private void Name(ConnectionContext connection)
    {
        var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        var peer = connection.Features.Get<PeerCredentials>();
        var caller = new Caller
        {
            Listener = _settings,
            Peer = peer,
            SpiffeId = certificate is null ? null : ClientCertificates.FindId(certificate),
            Address = connection.RemoteEndPoint?.ToString() is { Length: > 0 } address && peer is null ? address : null,
            AdminTokens = _tokens,
        };
        connection.Features.Set(caller);
        connection.Features.Set(caller.Share() ?? PeerNaming.PeerOf(connection, peer));

        // INVARIANT: the direct way to a decision answers connections that have this alone. Others lie before the gate that refuses.
        if (caller.Carries(Plane.Decision))
        {
            connection.Features.Set(new TokenMemo { PeerUserId = peer?.UserId });
        }
    }
}
