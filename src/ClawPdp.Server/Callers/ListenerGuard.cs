using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ClawPdp.Server.Callers;

/// <summary>Stands at a listener: turns away whom it is not for before any request is read, and says of the rest who they are.</summary>
internal sealed class ListenerGuard
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly ListenerSettings _settings;
    private readonly TlsStore? _tls;
    private readonly AdminTokenStore? _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public ListenerGuard(ListenerSettings settings, TlsStore? tls, AdminTokenStore? tokens, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _tls = tls;
        _tokens = tokens;
        _time = time;
        _logger = logger;
    }

    /// <summary>Puts itself before a listener's connections. The order counts: the kernel's word, then the handshake, then the name.</summary>
    public void Use(ListenOptions options)
    {
        if (_settings.Peers is { } peers)
        {
            options.Use(next => connection => Admit(connection, peers) ? next(connection) : Task.CompletedTask);
        }

        if (_tls is not null)
        {
            options.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HandshakeTimeout,
                OnConnection = _ => ValueTask.FromResult(OptionsOf(_tls.Current)),
            });
        }

        options.Use(next => connection =>
        {
            Name(connection);
            return next(connection);
        });
    }

    private static PeerCredentials? PeerOf(ConnectionContext connection) => PeerCredentials.Of(connection.Features.Get<IConnectionSocketFeature>()?.Socket);

    private bool Admit(ConnectionContext connection, PeerRules peers)
    {
        var peer = PeerOf(connection);
        if (peers.Admit(peer))
        {
            return true;
        }

        Log.PeerRefused(_logger, _settings.Name, peer?.UserId, peer?.ProcessId);
        return false;
    }

    private void Name(ConnectionContext connection)
    {
        var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        var peer = PeerOf(connection);
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

    // Nothing is resumed: whoever comes back is looked at again, by the authorities and ids of today.
    private SslServerAuthenticationOptions OptionsOf(TlsMaterial material)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Server,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (_settings.Tls is { ClientAuthorityPath: not null } tls)
        {
            options.ClientCertificateRequired = true;
            options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => IsAccepted(certificate, chain, material, tls);
        }

        return options;
    }

    private bool IsAccepted(X509Certificate? shown, X509Chain? chain, TlsMaterial material, TlsSettings tls)
    {
        var isAccepted = shown is X509Certificate2 certificate
            && material.ClientAuthorities is { } authorities
            && ClientCertificates.Admit(certificate, chain?.ChainPolicy.ExtraStore ?? [], authorities, tls.SpiffeIds, _time.GetUtcNow());
        if (!isAccepted)
        {
            Log.ClientRefused(_logger, _settings.Name, shown is X509Certificate2 known ? ClientCertificates.FindId(known) : null);
        }

        return isAccepted;
    }
}
