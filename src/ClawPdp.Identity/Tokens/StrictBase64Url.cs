using System.Buffers;
using System.Buffers.Text;

namespace ClawPdp.Identity.Tokens;

/// <summary>RFC 4648 section 5 without padding, in its one canonical form: alphabet only, unused trailing bits zero.</summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, decoded, out _, out var written) != OperationStatus.Done)
        {
            return false;
        }

        // The decoder drops unused trailing bits; only the canonical text encodes back to itself.
        bytes = decoded[..written];
        return text.SequenceEqual(Base64Url.EncodeToString(bytes));
    }
}
