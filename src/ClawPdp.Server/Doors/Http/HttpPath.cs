using System.Buffers;

namespace ClawPdp.Server.Doors.Http;

/// <summary>
/// The path of a target, where every server reads the same one in it. <c>/public/../admin</c>, <c>//admin</c> and <c>/%61dmin</c> are other texts
/// than <c>/admin</c>, and many an upstream's <c>/admin</c> all the same.
/// </summary>
internal static class HttpPath
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    // What may stand in a path without an escape (RFC 3986, pchar), but for the semicolon: some servers end a segment's name there.
    private static readonly SearchValues<char> Plain = SearchValues.Create(Unreserved + "!$&'()*+,=:@");

    /// <summary>Gives the path without its query.</summary>
    /// <param name="target">The target as the proxy states it.</param>
    /// <returns>The path; empty for one that can be read in two ways, which has no value.</returns>
    public static string Of(string target)
    {
        var end = target.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? target : target[..end];
        return path.StartsWith('/') && HasPlainSegments(path.AsSpan(1)) ? path : "";
    }

    // A slash at the end makes a last segment that is empty, and that one alone may be.
    private static bool HasPlainSegments(ReadOnlySpan<char> rest)
    {
        foreach (var range in rest.Split('/'))
        {
            var segment = rest[range];
            if (segment is "." or ".." || (segment.IsEmpty && range.End.GetOffset(rest.Length) < rest.Length) || !IsPlain(segment))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPlain(ReadOnlySpan<char> segment)
    {
        for (var index = 0; index < segment.Length; index++)
        {
            if (segment[index] == '%' && IsNeeded(segment[index..]))
            {
                index += 2;
            }
            else if (!Plain.Contains(segment[index]))
            {
                return false;
            }
        }

        return true;
    }

    // An escape, in its one form, of what cannot stand without one. Of those, a slash, a backslash and controls mean more than themselves to some.
    private static bool IsNeeded(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || !char.IsAsciiHexDigitUpper(text[1]) || !char.IsAsciiHexDigitUpper(text[2]))
        {
            return false;
        }

        var character = (char)Convert.FromHexString(text[1..3])[0];
        return character is not ('/' or '\\' or ';' or < ' ' or '\x7f') && !Plain.Contains(character);
    }
}
