using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Json;

/// <summary>The two compact text forms that Clawsig hashes are taken of.</summary>
public static class JsonWriter
{
    // Most texts are shorter, and most objects smaller.
    private const int LengthUsual = 1024;
    private const int SmallCountMax = 16;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the JSON Canonicalization Scheme (RFC 8785): members sorted by UTF-16 code units.</summary>
    public static byte[] WriteCanonical(JsonValue value) => Utf8.GetBytes(CanonicalText(value));

    /// <summary>Writes the JSON Canonicalization Scheme (RFC 8785) as text.</summary>
    public static string CanonicalText(JsonValue value) => Write(value, MemberOrder.Canonical);

    /// <summary>
    /// Writes what ECMAScript's <c>JSON.stringify(JSON.parse(text))</c> gives: text order, but names that look like array
    /// indexes come first in numeric order. Receipt hashes are taken over this form by the public verifiers.
    /// </summary>
    public static byte[] WriteAsReceived(JsonValue value) => Utf8.GetBytes(Write(value, MemberOrder.EcmaScript));

    /// <summary>Tells whether ECMAScript takes a member name for an array index: a canonical decimal up to 2^32 − 2.</summary>
    public static bool IsArrayIndex(string name) =>
        name.Length is > 0 and <= 10
        && char.IsAsciiDigit(name[0])
        && name.All(char.IsAsciiDigit)
        && (name.Length == 1 || name[0] != '0')
        && ulong.Parse(name, CultureInfo.InvariantCulture) < uint.MaxValue;

    private static string Write(JsonValue value, MemberOrder order)
    {
        var output = new StringBuilder(LengthUsual);
        WriteValue(output, value, order);
        return output.ToString();
    }

    private static void WriteValue(StringBuilder output, JsonValue value, MemberOrder order)
    {
        switch (value.Kind)
        {
            case JsonKind.Null:
                output.Append("null");
                break;
            case JsonKind.Boolean:
                output.Append(value.IsTrue ? "true" : "false");
                break;
            case JsonKind.Number:
                EcmaScriptNumber.Write(output, value.Number);
                break;
            case JsonKind.String:
                WriteText(output, value.Text);
                break;
            case JsonKind.Array:
                WriteArray(output, value.Items, order);
                break;
            case JsonKind.Object:
                WriteObject(output, value.Members, order);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), "no such kind of value");
        }
    }

    private static void WriteArray(StringBuilder output, ImmutableArray<JsonValue> items, MemberOrder order)
    {
        output.Append('[');
        for (var index = 0; index < items.Length; index++)
        {
            if (index > 0)
            {
                output.Append(',');
            }

            WriteValue(output, items[index], order);
        }

        output.Append(']');
    }

    private static void WriteObject(StringBuilder output, ImmutableArray<JsonMember> members, MemberOrder order)
    {
        output.Append('{');
        var first = true;
        foreach (var member in Ordered(members, order))
        {
            if (!first)
            {
                output.Append(',');
            }

            first = false;
            WriteText(output, member.Name);
            output.Append(':');
            WriteValue(output, member.Value, order);
        }

        output.Append('}');
    }

    private static IEnumerable<JsonMember> Ordered(ImmutableArray<JsonMember> members, MemberOrder order) => order switch
    {
        MemberOrder.Canonical when members.Length <= SmallCountMax => Sorted(members),
        MemberOrder.Canonical => members.OrderBy(static member => member.Name, StringComparer.Ordinal),
        _ when !members.Any(static member => IsArrayIndex(member.Name)) => members,
        _ => members.Where(static member => IsArrayIndex(member.Name))
            .OrderBy(static member => uint.Parse(member.Name, CultureInfo.InvariantCulture))
            .Concat(members.Where(static member => !IsArrayIndex(member.Name))),
    };

    // By insertion: few members cost less so than what it takes to set up a sort.
    private static JsonMember[] Sorted(ImmutableArray<JsonMember> members)
    {
        var sorted = members.ToArray();
        for (var next = 1; next < sorted.Length; next++)
        {
            var member = sorted[next];
            var place = next;
            for (; place > 0 && string.CompareOrdinal(sorted[place - 1].Name, member.Name) > 0; place--)
            {
                sorted[place] = sorted[place - 1];
            }

            sorted[place] = member;
        }

        return sorted;
    }

    // Ids, hashes and names are all of this kind.
    private static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~') && !text.ContainsAny('"', '\\');

    // ECMA-262 QuoteJSONString: only the quotation mark, the backslash, controls below U+0020 and unpaired surrogates are escaped.
    private static void WriteText(StringBuilder output, string text)
    {
        output.Append('"');
        if (IsPlain(text))
        {
            output.Append(text).Append('"');
            return;
        }

        for (var index = 0; index < text.Length; index++)
        {
            var unit = text[index];
            if (char.IsHighSurrogate(unit) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                output.Append(unit).Append(text[++index]);
            }
            else
            {
                WriteUnit(output, unit);
            }
        }

        output.Append('"');
    }

    private static void WriteUnit(StringBuilder output, char unit)
    {
        var shortForm = unit switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            _ => null,
        };

        if (shortForm is not null)
        {
            output.Append(shortForm);
        }
        else if (unit < ' ' || char.IsSurrogate(unit))
        {
            output.Append("\\u").Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
        }
        else
        {
            output.Append(unit);
        }
    }
}
