using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClawPdp.Server.Callers;

/// <summary>
/// What a client showed in the handshake, kept so that it can be looked at again; a feature of the connection. Encoded: the certificates of the
/// handshake itself end with it.
/// </summary>
internal sealed class ClientEvidence
{
    private readonly byte[] _certificate;
    private readonly ImmutableArray<byte[]> _shown;

    private ClientEvidence(byte[] certificate, ImmutableArray<byte[]> shown, ClientTrust trust, DateTimeOffset until)
    {
        _certificate = certificate;
        _shown = shown;
        Trust = trust;
        Until = until;
    }

    /// <summary>Gets by what it was accepted.</summary>
    public ClientTrust Trust { get; }

    /// <summary>Gets until when that holds: the end of a certificate, or of a list of revoked ones.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>Looks at what a client shows; <see langword="null"/> when it may not connect.</summary>
    /// <param name="certificate">Its certificate.</param>
    /// <param name="shown">What else it showed.</param>
    /// <param name="trust">Whose clients are accepted.</param>
    /// <param name="accepted">The ids that are.</param>
    /// <param name="now">The instant.</param>
    public static ClientEvidence? Find(
        X509Certificate2 certificate,
        X509Certificate2Collection shown,
        ClientTrust trust,
        IReadOnlyList<SpiffePattern> accepted,
        DateTimeOffset now) =>
        ClientCertificates.AdmitUntil(certificate, shown, trust, accepted, now) is { } until
            ? new ClientEvidence(certificate.RawData, [.. shown.Select(static other => other.RawData)], trust, until)
            : null;

    /// <summary>Looks at it again; <see langword="null"/> when its client may not be connected any more.</summary>
    public ClientEvidence? FindAgain(ClientTrust trust, IReadOnlyList<SpiffePattern> accepted, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(_certificate);
            return ClientCertificates.AdmitUntil(certificate, [.. _shown.Select(X509CertificateLoader.LoadCertificate)], trust, accepted, now) is { } until
                ? new ClientEvidence(_certificate, _shown, trust, until)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
