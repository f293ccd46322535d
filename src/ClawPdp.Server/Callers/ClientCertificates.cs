using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClawPdp.Server.Callers.Revoked;

namespace ClawPdp.Server.Callers;

/// <summary>
/// Checks the certificates of clients: an X.509-SVID (SPIFFE X509-SVID sections 2 to 5) of one of the authorities that has not
/// revoked it, with an id that is accepted.
/// </summary>
internal static class ClientCertificates
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string AlternativeNames = "2.5.29.17";

    // GeneralName of RFC 5280 section 4.2.1.6: uniformResourceIdentifier [6] IA5String.
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Tells whether a client may be connected, and until when that holds.</summary>
    /// <param name="certificate">What it showed.</param>
    /// <param name="shown">What else it showed, to lead from its certificate to an authority.</param>
    /// <param name="trust">The authorities, and what they revoked.</param>
    /// <param name="accepted">The ids that are accepted.</param>
    /// <param name="now">The instant.</param>
    /// <returns>When the first of its certificates, or of the lists of revoked ones, ends; <see langword="null"/> when it may not.</returns>
    public static DateTimeOffset? AdmitUntil(
        X509Certificate2 certificate,
        X509Certificate2Collection shown,
        ClientTrust trust,
        IReadOnlyList<SpiffePattern> accepted,
        DateTimeOffset now) =>
        FindId(certificate) is { } id && accepted.Any(pattern => pattern.Accepts(id)) && IsLeaf(certificate) ? EndOf(certificate, shown, trust, now) : null;

    /// <summary>Finds the SPIFFE id of a certificate; <see langword="null"/> unless it has exactly one URI, and that is one.</summary>
    public static string? FindId(X509Certificate2 certificate)
    {
        try
        {
            var uris = certificate.Extensions
                .Where(static extension => string.Equals(extension.Oid?.Value, AlternativeNames, StringComparison.Ordinal))
                .SelectMany(static extension => UrisOf(extension.RawData))
                .Take(2)
                .ToList();
            return uris is [var uri] && SpiffeId.IsValid(uri) ? uri : null;
        }
        catch (Exception failure) when (failure is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    private static List<string> UrisOf(ReadOnlyMemory<byte> extension)
    {
        var uris = new List<string>();
        var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(UriTag))
            {
                uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
            }
            else
            {
                names.ReadEncodedValue();
            }
        }

        return uris;
    }

    // A signing certificate is no identity of a workload (SPIFFE X509-SVID section 4.1).
    private static bool IsLeaf(X509Certificate2 certificate) => certificate.Extensions.All(static extension => extension switch
    {
        X509BasicConstraintsExtension constraints => !constraints.CertificateAuthority,
        X509KeyUsageExtension usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature)
            && (usage.KeyUsages & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) == X509KeyUsageFlags.None,
        _ => true,
    });

    private static DateTimeOffset? EndOf(X509Certificate2 certificate, X509Certificate2Collection shown, ClientTrust trust, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trust.Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(shown);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.NoFlag;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate) ? EndOf([.. chain.ChainElements.Select(static element => element.Certificate)], trust.Revoked, now) : null;
    }

    // The last is the root, of which nobody but who listed it can say that it is revoked.
    private static DateTimeOffset? EndOf(X509Certificate2[] path, RevocationSet? revoked, DateTimeOffset now)
    {
        var end = new DateTimeOffset(path.Min(static certificate => certificate.NotAfter).ToUniversalTime());
        for (var place = 0; revoked is not null && place < path.Length - 1; place++)
        {
            if (revoked.CountsUntil(path[place], path[place + 1], now) is not { } counts)
            {
                return null;
            }

            end = counts < end ? counts : end;
        }

        return end;
    }
}
