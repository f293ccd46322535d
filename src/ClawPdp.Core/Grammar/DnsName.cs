using System.Buffers;
using System.Text;

namespace ClawPdp.Core.Grammar;

/// <summary>The normal form of DNS names: lower-case ASCII labels of 1 to 63 characters, 253 in all, no trailing dot.</summary>
internal static class DnsName
{
    private const int LengthMax = 253;
    private const int LabelLengthMax = 63;

    // The underscore is no host name character (RFC 952, RFC 1123), but hosts with it are reached every day, such as buckets
    // and service names, and it is read in one way only.
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Tells whether a name is in normal form and has no A-label, which would need a closer look.</summary>
    public static bool IsPlain(ReadOnlySpan<char> name) =>
        !name.Contains(InternationalLabel.Prefix, StringComparison.Ordinal) && IsNormal(name);

    /// <summary>Brings a name into its normal form: one trailing dot removed, lower case, A-labels for Unicode ones.</summary>
    public static bool TryNormalise(ReadOnlySpan<char> text, out string normal)
    {
        normal = "";
        var labels = (text.EndsWith(".") ? text[..^1] : text).ToString().Split('.');
        for (var index = 0; index < labels.Length; index++)
        {
            if (!TryNormaliseLabel(labels[index], out labels[index]))
            {
                return false;
            }
        }

        normal = string.Join('.', labels);
        return IsNormal(normal);
    }

    private static bool TryNormaliseLabel(string label, out string normal)
    {
        if (!Ascii.IsValid(label))
        {
            return InternationalLabel.TryEncode(label, out normal);
        }

        normal = label.ToLowerInvariant();
        return !normal.StartsWith(InternationalLabel.Prefix, StringComparison.Ordinal) || InternationalLabel.IsValid(normal);
    }

    private static bool IsNormal(ReadOnlySpan<char> name)
    {
        if (name.Length > LengthMax || name.ContainsAnyExcept(Characters))
        {
            return false;
        }

        var last = name;
        foreach (var range in name.Split('.'))
        {
            last = name[range];
            if (last.Length is 0 or > LabelLengthMax || last[0] == '-' || last[^1] == '-')
            {
                return false;
            }
        }

        return !LooksLikeNumber(last);
    }

    // A name whose last label is a number is read by resolvers as an address in a form of inet_aton(3): 127.1, 0x7f.1,
    // 2130706433. Only the plain dotted quad is one, and it has been tried before.
    private static bool LooksLikeNumber(ReadOnlySpan<char> label) => label.StartsWith("0x")
        ? label[2..].IndexOfAnyExcept(HexDigits) < 0
        : !label.ContainsAnyExceptInRange('0', '9');
}
