using System.Buffers;

namespace ClawPdp.Server.Callers;

/// <summary>The form of SPIFFE ids (SPIFFE-ID section 2): <c>spiffe://TRUST-DOMAIN/PATH</c>.</summary>
internal static class SpiffeId
{
    /// <summary>How every id begins.</summary>
    public const string Scheme = "spiffe://";

    private const int LengthMax = 2048;
    private const int TrustDomainLengthMax = 255;

    private static readonly SearchValues<char> TrustDomainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>Tells whether a text is the id of a workload, which has a path; nothing is decoded or folded.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length > LengthMax || !text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text.AsSpan(Scheme.Length);
        var slash = rest.IndexOf('/');
        return slash > 0 && IsTrustDomain(rest[..slash]) && IsPath(rest[(slash + 1)..]);
    }

    /// <summary>Tells whether a text is a trust domain's name.</summary>
    public static bool IsTrustDomain(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= TrustDomainLengthMax && !text.ContainsAnyExcept(TrustDomainCharacters);

    /// <summary>Tells whether a text is a path, without its first slash: segments that are not empty and lead nowhere else.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('/'))
        {
            var segment = text[range];
            if (segment.IsEmpty || segment is "." or ".." || segment.ContainsAnyExcept(PathCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
