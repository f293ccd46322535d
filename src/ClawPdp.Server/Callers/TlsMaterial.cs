using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClawPdp.Server.Callers.Revoked;

namespace ClawPdp.Server.Callers;

/// <summary>The certificates of a listener as they were read at one time; never changed, only replaced.</summary>
internal sealed class TlsMaterial
{
    private TlsMaterial(SslStreamCertificateContext server, ClientTrust? clients)
    {
        Server = server;
        Clients = clients;
    }

    /// <summary>Gets the sidecar's own certificate with its chain.</summary>
    public SslStreamCertificateContext Server { get; }

    /// <summary>Gets whose clients are accepted; <see langword="null"/> when none are asked for.</summary>
    public ClientTrust? Clients { get; }

    /// <summary>Makes them of the contents of their files, each PEM.</summary>
    /// <param name="certificate">The certificate, and those between it and its root.</param>
    /// <param name="key">The certificate's private key, without a passphrase.</param>
    /// <param name="clientAuthorities">The authorities' certificates; <see langword="null"/> for none.</param>
    /// <param name="revoked">The paths and contents of the authorities' lists of revoked certificates, PEM or DER; empty for no lists.</param>
    /// <param name="before">What was revoked until now; <see langword="null"/> for nothing.</param>
    /// <exception cref="CryptographicException">They cannot be read, or do not belong together.</exception>
    public static TlsMaterial Create(
        ReadOnlySpan<byte> certificate,
        ReadOnlySpan<byte> key,
        byte[]? clientAuthorities,
        IReadOnlyList<(string Path, byte[] Content)> revoked,
        RevocationSet? before)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(Encoding.UTF8.GetString(certificate));
        if (chain.Count == 0)
        {
            throw new CryptographicException("there is no certificate in it");
        }

        // The first is the server's own: RFC 8446 section 4.4.2 has it so, and certificate managers write it so.
        var own = WithKey(chain[0], key);
        chain.RemoveAt(0);
        return new TlsMaterial(SslStreamCertificateContext.Create(own, chain, offline: true), TrustOf(clientAuthorities, revoked, before));
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, ReadOnlySpan<byte> key)
    {
        var text = new char[Encoding.UTF8.GetMaxCharCount(key.Length)];
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), text.AsSpan(0, Encoding.UTF8.GetChars(key, text)));
        }
        catch (ArgumentException failure)
        {
            throw new CryptographicException("the key is none, or not the certificate's", failure);
        }
        finally
        {
            Array.Clear(text);
        }
    }

    private static ClientTrust? TrustOf(byte[]? bundle, IReadOnlyList<(string Path, byte[] Content)> revoked, RevocationSet? before)
    {
        if (bundle is null)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(Encoding.UTF8.GetString(bundle));
        return authorities.Count > 0
            ? new ClientTrust(authorities, revoked.Count > 0 ? RevocationSet.Create(revoked, authorities, before) : null)
            : throw new CryptographicException("there is no authority's certificate in it");
    }
}
