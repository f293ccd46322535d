using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ClawPdp.Identity.Issuers;

/// <summary>The rules for the URLs that keys are fetched from: https everywhere, http on this host only.</summary>
internal static class IssuerUrl
{
    private const int LengthMax = 1024;
    private const string DiscoverySuffix = "/.well-known/openid-configuration";

    /// <summary>Says what is wrong with an issuer identifier (OpenID Connect Discovery 1.0 section 3).</summary>
    public static string? Check(string issuer)
    {
        if (!TryParse(issuer, out var url))
        {
            return $"the issuer must be an absolute https URL of at most {LengthMax} printable ASCII characters";
        }

        if (issuer.AsSpan().ContainsAny('?', '#'))
        {
            return "the issuer must not have a query or a fragment";
        }

        if (url.UserInfo.Length > 0)
        {
            return "the issuer must not have user information";
        }

        return IsSecure(url, IsLoopback(url)) ? null : "the issuer must be https, or http on a loopback host";
    }

    /// <summary>
    /// The discovery document of an issuer that passed <see cref="Check"/>: the path is appended after one final slash
    /// is removed.
    /// </summary>
    public static Uri Discovery(string issuer)
    {
        var trimmed = issuer.EndsWith('/') ? issuer[..^1] : issuer;
        return new Uri(trimmed + DiscoverySuffix, UriKind.Absolute);
    }

    /// <summary>Reads the <c>jwks_uri</c> that an issuer names; plain http needs both ends on this host.</summary>
    public static Uri? KeySet(string? text, bool issuerIsLoopback)
    {
        if (text is null || !TryParse(text, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return null;
        }

        return IsSecure(url, issuerIsLoopback && IsLoopback(url)) ? url : null;
    }

    /// <summary>Says whether the host is <c>localhost</c>, in 127.0.0.0/8, or ::1.</summary>
    public static bool IsLoopback(Uri url) =>
        string.Equals(url.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(address));

    private static bool IsSecure(Uri url, bool httpAllowed) =>
        string.Equals(url.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        || (httpAllowed && string.Equals(url.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal));

    // INVARIANT: the prefix and the characters are checked first, as Uri repairs back slashes, white space and upper
    // case.
    private static bool TryParse(string text, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        if (text.Length > LengthMax
            || text.AsSpan().ContainsAnyExceptInRange('!', '~')
            || text.Contains('\\', StringComparison.Ordinal))
        {
            return false;
        }

        var prefixed = text.StartsWith("https://", StringComparison.Ordinal)
            || text.StartsWith("http://", StringComparison.Ordinal);
        if (!prefixed || !Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
        {
            return false;
        }

        url = parsed;
        return true;
    }
}
