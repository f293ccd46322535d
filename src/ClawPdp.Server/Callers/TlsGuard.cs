using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClawPdp.Server.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ClawPdp.Server.Callers;

/// <summary>Shakes hands at a listener with TLS, and keeps an eye on the clients that it let in.</summary>
internal sealed class TlsGuard
{
    private readonly string _listener;
    private readonly TlsSettings _settings;
    private readonly TlsStore _store;
    private readonly TimeSpan _handshakeTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public TlsGuard(string listener, TlsSettings settings, TlsStore store, TimeSpan handshakeTimeout, TimeProvider time, ILogger logger)
    {
        _listener = listener;
        _settings = settings;
        _store = store;
        _handshakeTimeout = handshakeTimeout;
        _time = time;
        _logger = logger;
    }

    /// <summary>Puts itself before a listener's connections.</summary>
    public void Use(ListenOptions options)
    {
        options.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = _handshakeTimeout,
            OnConnection = handshake => ValueTask.FromResult(OptionsOf(_store.Current, handshake.Connection)),
        });
        if (_settings.ClientAuthorityPath is not null)
        {
            options.Use(next => connection => _store.Clients.RunAsync(connection, next));
        }
    }

    // Nothing is resumed: whoever comes back is looked at again, by the authorities and ids of today.
    private SslServerAuthenticationOptions OptionsOf(TlsMaterial material, ConnectionContext connection)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Server,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (_settings.ClientAuthorityPath is not null)
        {
            options.ClientCertificateRequired = true;
            options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => IsAccepted(certificate, chain, material, connection);
        }

        return options;
    }

    private bool IsAccepted(X509Certificate? shown, X509Chain? chain, TlsMaterial material, ConnectionContext connection)
    {
        var evidence = shown is X509Certificate2 certificate && material.Clients is { } trust
            ? ClientEvidence.Find(certificate, chain?.ChainPolicy.ExtraStore ?? [], trust, _settings.SpiffeIds, _time.GetUtcNow())
            : null;
        if (evidence is null)
        {
            Log.ClientRefused(_logger, _listener, shown is X509Certificate2 known ? ClientCertificates.FindId(known) : null);
            return false;
        }

        connection.Features.Set(evidence);
        return true;
    }
}
