using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace ClawPdp.Core.Encoding;

/// <summary>
/// Base64url without padding (RFC 4648 section 5), canonical only: a value has exactly one spelling, so that a respelled
/// token or hash can never pass for another one.
/// </summary>
public static class Base64UrlText
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Writes bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Tells whether the text is canonical: alphabet only, a possible length, unused trailing bits zero.</summary>
    public static bool IsCanonical(ReadOnlySpan<char> text) =>
        text.Length % 4 != 1 && !text.ContainsAnyExcept(Alphabet) && UnusedBitsAreZero(text);

    /// <summary>Tells whether the text is the canonical form of exactly 32 bytes: 43 characters.</summary>
    public static bool IsSha256(ReadOnlySpan<char> text) => text.Length == 43 && IsCanonical(text);

    /// <summary>Reads bytes.</summary>
    /// <returns>Whether the text was canonical.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        if (!IsCanonical(text))
        {
            bytes = null;
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    // The last character of a group of 2 carries 4 unused bits, of a group of 3 carries 2.
    private static bool UnusedBitsAreZero(ReadOnlySpan<char> text) => (text.Length % 4) switch
    {
        2 => text[^1] is 'A' or 'Q' or 'g' or 'w',
        3 => "AEIMQUYcgkosw048".Contains(text[^1], StringComparison.Ordinal),
        _ => true,
    };
}
