using System.Diagnostics.CodeAnalysis;

namespace ClawPdp.Core.Encoding;

/// <summary>Base58 with the Bitcoin alphabet (draft-msporny-base58), as did:key uses it; for short values only.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    // The work grows with the square of the length: an identifier never needs more.
    private const int TextLengthMax = 128;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var digits = new List<int>();
        foreach (var value in bytes)
        {
            var carry = (int)value;
            for (var index = 0; index < digits.Count; index++)
            {
                carry += digits[index] << 8;
                digits[index] = carry % 58;
                carry /= 58;
            }

            for (; carry > 0; carry /= 58)
            {
                digits.Add(carry % 58);
            }
        }

        var zeros = bytes.IndexOfAnyExcept((byte)0);
        var text = new string('1', zeros < 0 ? bytes.Length : zeros);
        return text + string.Concat(Enumerable.Reverse(digits).Select(static digit => Alphabet[digit]));
    }

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length > TextLengthMax)
        {
            return false;
        }

        var values = new List<int>();
        foreach (var character in text)
        {
            var carry = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (carry < 0)
            {
                return false;
            }

            for (var index = 0; index < values.Count; index++)
            {
                carry += values[index] * 58;
                values[index] = carry & 0xFF;
                carry >>= 8;
            }

            for (; carry > 0; carry >>= 8)
            {
                values.Add(carry & 0xFF);
            }
        }

        var ones = text.IndexOfAnyExcept('1');
        bytes = [.. new byte[ones < 0 ? text.Length : ones], .. Enumerable.Reverse(values).Select(static value => (byte)value)];
        return true;
    }
}
