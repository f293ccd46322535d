namespace ClawPdp.Core.Encoding;

/// <summary>String operations as ECMAScript defines them, where a hash depends on them.</summary>
public static class EcmaScriptText
{
    // ECMA-262 WhiteSpace and LineTerminator. Unlike String.Trim() this strips U+FEFF and keeps U+0085.
    private const string TrimmedCharacters =
        "\u0009\u000A\u000B\u000C\u000D\u0020\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";

    /// <summary>Trims as ECMAScript's String.prototype.trim does; a text without anything to trim is given back itself.</summary>
    public static string Trim(string text)
    {
        // Nearly every text begins and ends so.
        if (text.Length > 0 && text[0] is > ' ' and <= '~' && text[^1] is > ' ' and <= '~')
        {
            return text;
        }

        var trimmed = text.AsSpan().Trim(TrimmedCharacters);
        return trimmed.Length == text.Length ? text : trimmed.ToString();
    }
}
