using System.Formats.Asn1;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClawPdp.Server.Tests.Callers;

/// <summary>An authority of the tests' own, and what it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string ClientUse = "1.3.6.1.5.5.7.3.2";
    public const string ServerUse = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2 _root;
    private int _listCount;

    public TestAuthority(string name = "authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string Pem => _root.ExportCertificatePem();

    public X509Certificate2Collection Collection => [X509CertificateLoader.LoadCertificate(_root.RawData)];

    /// <summary>Signs a client's certificate.</summary>
    /// <param name="uris">Its URIs.</param>
    /// <param name="use">What it is for; empty for anything.</param>
    /// <param name="isAuthority">Whether it may sign others.</param>
    /// <param name="daysOver">How many days ago it ended; negative for the future.</param>
    public X509Certificate2 Client(string[] uris, string use = ClientUse, bool isAuthority = false, int daysOver = -1)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("agent.example.org");
        foreach (var uri in uris)
        {
            names.AddUri(new Uri(uri));
        }

        return Sign(names, use, isAuthority, daysOver);
    }

    /// <summary>Signs a list of revoked certificates, DER, whose number is greater than that of the last one.</summary>
    /// <param name="end">Until when it counts.</param>
    /// <param name="revoked">What is revoked.</param>
    public byte[] Revoke(DateTimeOffset end, params ReadOnlySpan<X509Certificate2> revoked) => RevokeAs(++_listCount, end.AddDays(-2), end, revoked);

    /// <summary>Signs a list of revoked certificates of a number, DER.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="begin">When it was made.</param>
    /// <param name="end">Until when it counts.</param>
    /// <param name="revoked">What is revoked.</param>
    public byte[] RevokeAs(BigInteger number, DateTimeOffset begin, DateTimeOffset end, params ReadOnlySpan<X509Certificate2> revoked)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            list.AddEntry(certificate, reason: X509RevocationReason.KeyCompromise);
        }

        return list.Build(_root, number, end, HashAlgorithmName.SHA256, thisUpdate: begin);
    }

    /// <summary>Signs a list again, with other extensions.</summary>
    /// <param name="list">The list, DER.</param>
    /// <param name="extensions">Each one's identifier and value.</param>
    public byte[] Resign(byte[] list, params ReadOnlySpan<(string Kind, byte[] Value)> extensions)
    {
        var whole = new AsnReader(list, AsnEncodingRules.DER).ReadSequence();
        var body = whole.ReadSequence();
        var algorithm = whole.ReadEncodedValue();
        var changed = new AsnWriter(AsnEncodingRules.DER);
        using (changed.PushSequence())
        {
            while (body.HasData && body.PeekTag().TagClass is TagClass.Universal)
            {
                changed.WriteEncodedValue(body.ReadEncodedValue().Span);
            }

            Write(changed, extensions);
        }

        using var key = _root.GetECDsaPrivateKey() ?? throw new InvalidOperationException("no key");
        var signed = new AsnWriter(AsnEncodingRules.DER);
        using (signed.PushSequence())
        {
            signed.WriteEncodedValue(changed.Encode());
            signed.WriteEncodedValue(algorithm.Span);
            signed.WriteBitString(key.SignData(changed.Encode(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }

        return signed.Encode();
    }

    /// <summary>Signs the certificate of a server on loopback.</summary>
    public X509Certificate2 Server()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        return Sign(names, ServerUse, isAuthority: false, daysOver: -1);
    }

    public void Dispose() => _root.Dispose();

    private static void Write(AsnWriter writer, ReadOnlySpan<(string Kind, byte[] Value)> extensions)
    {
        if (extensions.IsEmpty)
        {
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            foreach (var (kind, value) in extensions)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(kind);
                    writer.WriteOctetString(value);
                }
            }
        }
    }

    private X509Certificate2 Sign(SubjectAlternativeNameBuilder names, string use, bool isAuthority, int daysOver)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(names.Build());
        if (use.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        }

        using var signed = request.Create(_root, DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-daysOver), RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }
}
