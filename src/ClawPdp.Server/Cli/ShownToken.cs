using System.CommandLine;
using System.CommandLine.Parsing;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Doors.McpGuard;

namespace ClawPdp.Server.Cli;

/// <summary>Finds tokens that stand on a command line themselves: the list of processes shows it to every user of the machine.</summary>
internal static class ShownToken
{
    /// <summary>What is said of one. It holds nothing of the token.</summary>
    public const string Message =
        "a token does not belong on the command line, where every user of the machine can read it: give a file, or - for standard input, and revoke the token that was shown or leave it to end";

    // Base64url of `{"`.
    private const string HeaderStart = "eyJ";

    private const int PartCount = 3;
    private const int HeaderMaxBytes = 16_384;
    private const int AdminTokenUnits = 43;

    /// <summary>Tells whether a command line holds a token. What follows <c>--</c> of the guard is for another program, and not looked at.</summary>
    public static bool IsOn(ParseResult parsed) =>
        parsed.Tokens
            .TakeWhile(token => token.Type != TokenType.DoubleDash || parsed.CommandResult.Command.Name is not McpGuardCommand.Name)
            .Any(static token => IsIn(token.Value));

    /// <summary>Tells whether a text holds a token anywhere: a signed one, whose header is a JSON object, or an admin token.</summary>
    public static bool IsIn(string text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at == text.Length || (text[at] is not '.' && !IsUnit(text[at])))
            {
                if (IsWord(text[start..at]))
                {
                    return true;
                }

                start = at + 1;
            }
        }

        return false;
    }

    /// <summary>Tells whether a text has the form of a signed token: three parts of base64url, whatever they hold. A name can have it, too.</summary>
    public static bool HasForm(string text) => text.Split('.') is { Length: PartCount } parts && parts.All(static part => part.Length > 0 && part.All(IsUnit));

    private static bool IsWord(string word)
    {
        var admin = word.IndexOf(AdminTokenFile.Prefix, StringComparison.Ordinal);
        if (admin >= 0 && word[(admin + AdminTokenFile.Prefix.Length)..].TakeWhile(IsUnit).Count() >= AdminTokenUnits)
        {
            return true;
        }

        // An unsigned token ends in an empty part.
        var parts = word.Split('.');
        return Enumerable.Range(0, Math.Max(0, parts.Length - PartCount + 1)).Any(first => parts[first + 1].Length > 0 && EndsInHeader(parts[first]));
    }

    // Something may be glued to its begin, and a name can be base64url of an object, too: that of an empty one is a short word.
    private static bool EndsInHeader(string part)
    {
        for (var at = part.IndexOf(HeaderStart, StringComparison.Ordinal); at >= 0; at = part.IndexOf(HeaderStart, at + 1, StringComparison.Ordinal))
        {
            if (IsHeader(part[at..]))
            {
                return true;
            }
        }

        return IsHeader(part);
    }

    private static bool IsHeader(string part) =>
        Base64UrlText.TryDecode(part, out var bytes) && JsonReader.Parse(bytes, HeaderMaxBytes).TryGet(out var header) && header.Kind == JsonKind.Object && header.Find("alg") is not null;

    private static bool IsUnit(char unit) => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_';
}
