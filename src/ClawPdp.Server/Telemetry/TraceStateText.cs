using System.Buffers;

namespace ClawPdp.Server.Telemetry;

/// <summary>
/// The grammar of <c>tracestate</c> (W3C Trace Context Level 2, section 3.3.1): members parted by commas, each a key and a value, no key twice. A text that
/// is against it in one place counts for nothing, as section 3.3.1.5 and 4.3 have it.
/// </summary>
internal static class TraceStateText
{
    // So much any vendor passes on; who sends more need not be followed (section 3.3.1.5).
    private const int LengthMax = 512;
    private const int MemberCountMax = 32;
    private const int PartLengthMax = 256;
    private const string WhiteSpace = " \t";

    private static readonly SearchValues<char> KeyBegins = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> KeyUnits = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-*/@");

    /// <summary>Reads a text; <see langword="null"/> when it is too long, against the grammar, or says nothing.</summary>
    public static string? Read(string text)
    {
        var trimmed = text.Trim(' ', '\t');
        if (trimmed.Length is 0 or > LengthMax)
        {
            return null;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in trimmed.AsSpan().Split(','))
        {
            // Members may be empty.
            var member = trimmed.AsSpan(range).Trim(WhiteSpace);
            if (!member.IsEmpty && (!TryReadKey(member, out var key) || !keys.Add(key)))
            {
                return null;
            }
        }

        return keys.Count is > 0 and <= MemberCountMax ? trimmed : null;
    }

    private static bool TryReadKey(ReadOnlySpan<char> member, out string key)
    {
        var end = member.IndexOf('=');
        key = end > 0 ? member[..end].ToString() : "";
        return end is > 0 and <= PartLengthMax
            && KeyBegins.Contains(member[0])
            && !member[..end].ContainsAnyExcept(KeyUnits)
            && IsValue(member[(end + 1)..]);
    }

    // 0x20 to 0x7E without comma and equals sign; white space at its end was cut off with the member's.
    private static bool IsValue(ReadOnlySpan<char> value) =>
        value.Length is > 0 and <= PartLengthMax && !value.ContainsAnyExceptInRange(' ', '~') && !value.Contains('=');
}
