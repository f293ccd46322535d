using System.Security.Cryptography;
using System.Text;

namespace ClawPdp.Server.Callers.Revoked;

/// <summary>Finds the lists in a file: one in DER, or any number in PEM (RFC 7468 section 7).</summary>
internal static class RevocationListFile
{
    /// <summary>The longest file that is read.</summary>
    public const int SizeMaxBytes = 8 << 20;

    private const byte Sequence = 0x30;
    private const string Label = "X509 CRL";

    /// <summary>Gives each list as it is encoded.</summary>
    /// <exception cref="CryptographicException">There is none, or something else.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(string path, byte[] content)
    {
        if (content is [Sequence, ..])
        {
            return [content];
        }

        var lists = new List<ReadOnlyMemory<byte>>();
        var rest = Encoding.UTF8.GetString(content).AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var encoded = new byte[fields.DecodedDataLength];
            if (rest[fields.Label] is not Label || !Convert.TryFromBase64Chars(rest[fields.Base64Data], encoded, out var size) || size != encoded.Length)
            {
                throw new CryptographicException($"{path}: there is something else in it than lists of revoked certificates");
            }

            lists.Add(encoded);
            rest = rest[fields.Location.End..];
        }

        // What is left of a list that was cut off, or in which a sign is wrong, would be taken for a comment.
        var begun = Encoding.UTF8.GetString(content).Split("-----BEGIN ").Length - 1;
        return lists.Count > 0 && lists.Count == begun ? lists : throw new CryptographicException($"{path}: there is no list of revoked certificates in it, or half of one");
    }
}
