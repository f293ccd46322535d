using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace ClawPdp.Server.Callers.Revoked;

/// <summary>
/// Reads a list of revoked certificates: DER, complete, and with an end. What says that it is not all of its authority's list, or says what is not
/// understood and must be, is refused: to take half a list for a whole one would let in whom the other half names.
/// </summary>
/// <remarks>
/// RFC 5280 section 5.1:
/// <code>
/// CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signatureValue BIT STRING }
/// TBSCertList     ::= SEQUENCE { version INTEGER OPTIONAL, signature, issuer Name, thisUpdate Time, nextUpdate Time OPTIONAL,
///                                revokedCertificates SEQUENCE OF { userCertificate INTEGER, revocationDate Time, crlEntryExtensions OPTIONAL } OPTIONAL,
///                                crlExtensions [0] EXPLICIT OPTIONAL }
/// </code>
/// </remarks>
internal static class RevocationListReader
{
    private const int VersionTwo = 1;

    // RFC 5280 section 5.2.3: no conforming authority has a longer one.
    private const int NumberSizeMaxBytes = 20;

    private const string Number = "2.5.29.20";
    private const string Delta = "2.5.29.27";
    private const string Scope = "2.5.29.28";
    private const string OtherIssuer = "2.5.29.29";

    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0);

    /// <summary>Reads it.</summary>
    /// <exception cref="CryptographicException">It is none, or none that can be used.</exception>
    public static RevocationList Read(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var whole = new AsnReader(encoded, AsnEncodingRules.DER);
            var list = whole.ReadSequence();
            whole.ThrowIfNotEmpty();
            var signed = list.ReadEncodedValue();
            var algorithm = list.ReadEncodedValue();
            var signature = list.ReadBitString(out var unusedBits);
            list.ThrowIfNotEmpty();
            return unusedBits == 0 ? Read(signed, algorithm, signature) : throw new CryptographicException("its signature is no whole number of bytes");
        }
        catch (AsnContentException failure)
        {
            throw new CryptographicException("it is no list of revoked certificates", failure);
        }
    }

    private static RevocationList Read(ReadOnlyMemory<byte> signed, ReadOnlyMemory<byte> algorithm, byte[] signature)
    {
        var body = new AsnReader(signed, AsnEncodingRules.DER).ReadSequence();
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer) && (!body.TryReadInt32(out var version) || version != VersionTwo))
        {
            throw new CryptographicException("its version is not known");
        }

        // RFC 5280 section 5.1.1.2: the algorithm stands twice, and only one of the two is signed.
        if (!body.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
        {
            throw new CryptographicException("its algorithms are two");
        }

        var issuer = body.ReadEncodedValue();
        var begin = ReadTime(body);
        if (!body.HasData || !IsTime(body.PeekTag()))
        {
            throw new CryptographicException("it has no end (nextUpdate)");
        }

        var end = ReadTime(body);
        var serials = ReadEntries(body);
        var number = default(BigInteger?);
        if (body.HasData)
        {
            var extensions = body.ReadSequence(ExtensionsTag);
            number = ReadExtensions(extensions.ReadSequence());
            extensions.ThrowIfNotEmpty();
            body.ThrowIfNotEmpty();
        }

        return new RevocationList
        {
            Issuer = issuer,
            Issue = new RevocationIssue(number, begin),
            NextUpdate = end,
            Serials = serials,
            Signed = signed,
            Algorithm = ReadAlgorithm(algorithm),
            Signature = signature,
        };
    }

    private static FrozenSet<string> ReadEntries(AsnReader body)
    {
        var serials = new HashSet<string>(StringComparer.Ordinal);
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            var entries = body.ReadSequence();
            while (entries.HasData)
            {
                var entry = entries.ReadSequence();
                serials.Add(RevocationList.SerialOf(entry.ReadIntegerBytes().Span));
                _ = ReadTime(entry);
                if (entry.HasData)
                {
                    _ = ReadExtensions(entry.ReadSequence());
                    entry.ThrowIfNotEmpty();
                }
            }
        }

        return serials.ToFrozenSet(StringComparer.Ordinal);
    }

    // Gives the number of the list. RFC 5280 sections 5.2 and 5.3: what is critical and not understood forbids the use of the whole list.
    private static BigInteger? ReadExtensions(AsnReader extensions)
    {
        var number = default(BigInteger?);
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var kind = extension.ReadObjectIdentifier();
            var isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            var value = extension.ReadOctetString();
            extension.ThrowIfNotEmpty();
            if (isCritical || kind is Delta or Scope or OtherIssuer)
            {
                throw new CryptographicException($"it has the extension {kind}: only complete lists of one authority can be used");
            }

            if (kind is Number)
            {
                number = number is null ? ReadNumber(value) : throw new CryptographicException("it has two numbers");
            }
        }

        return number;
    }

    private static BigInteger ReadNumber(byte[] encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var number = reader.ReadInteger();
        reader.ThrowIfNotEmpty();
        return number.Sign >= 0 && number.GetByteCount(isUnsigned: true) <= NumberSizeMaxBytes ? number : throw new CryptographicException("its number is none");
    }

    private static string ReadAlgorithm(ReadOnlyMemory<byte> encoded)
    {
        var algorithm = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
        var identifier = algorithm.ReadObjectIdentifier();
        if (algorithm.HasData)
        {
            algorithm.ReadNull();
        }

        algorithm.ThrowIfNotEmpty();
        return identifier;
    }

    private static bool IsTime(Asn1Tag tag) => tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
