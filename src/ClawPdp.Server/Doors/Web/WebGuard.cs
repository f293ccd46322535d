using ClawPdp.Server.Http;
using Microsoft.Net.Http.Headers;

namespace ClawPdp.Server.Doors.Web;

/// <summary>
/// Keeps out what a page in somebody's browser sends to the port without leave: from another origin, and by a name that was made to lead
/// here (DNS rebinding), for which the browser sees no other origin.
/// </summary>
internal sealed class WebGuard
{
    private const string AllowedHeaders = "content-type, connect-protocol-version, connect-timeout-ms, grpc-timeout, x-grpc-web, x-user-agent";
    private const string ExposedHeaders = "grpc-status, grpc-message, grpc-retry-pushback-ms, trailer-grpc-retry-pushback-ms";
    private const string PrivateNetworkAsked = "Access-Control-Request-Private-Network";
    private const string PrivateNetworkAllowed = "Access-Control-Allow-Private-Network";

    // Of a browser: where the page is from that asks. Names what a header `Origin` would.
    private const string FetchSite = "Sec-Fetch-Site";

    private readonly WebDoorSettings _settings;

    public WebGuard(WebDoorSettings settings) => _settings = settings;

    /// <summary>Gives what keeps a request out, for a human; <see langword="null"/> when nothing does.</summary>
    public string? RefusalOf(HttpRequest request)
    {
        if (!IsKnown(request.Host))
        {
            return $"the host that was asked for is neither loopback nor one of doors.{_settings.Door}.hosts";
        }

        if (request.Headers.Origin.Count > 0)
        {
            return IsAllowed(request) ? null : $"the origin of the page is not one of doors.{_settings.Door}.origins";
        }

        var site = request.Headers[FetchSite];
        return site.Count == 0 || string.Equals(site, "none", StringComparison.Ordinal) ? null : "a page asks and does not say of which origin it is";
    }

    /// <summary>Lets the page read the answer, where the request comes from one; the request was let in.</summary>
    public static void Open(HttpContext context)
    {
        if (context.Request.Headers.Origin is [{ } origin])
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = ExposedHeaders;
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }
    }

    /// <summary>Answers a browser that asks whether a page may send a POST (CORS preflight), where the page may.</summary>
    /// <returns>False when the request is another, or the page may not: then nothing was answered.</returns>
    public bool TryAnswerPreflight(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsOptions(request.Method)
            || !string.Equals(request.Headers.AccessControlRequestMethod, HttpMethods.Post, StringComparison.Ordinal)
            || !IsKnown(request.Host)
            || !IsAllowed(request))
        {
            return false;
        }

        Open(context);
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = HttpMethods.Post;
        headers.AccessControlAllowHeaders = AllowedHeaders;
        if (string.Equals(request.Headers[PrivateNetworkAsked], "true", StringComparison.Ordinal))
        {
            headers[PrivateNetworkAllowed] = "true";
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    private bool IsAllowed(HttpRequest request) => request.Headers.Origin is [{ } origin] && _settings.Origins.Contains(origin, StringComparer.Ordinal);

    private bool IsKnown(HostString host) =>
        host.HasValue && (LoopbackHost.Is(host.Host) || _settings.Hosts.Contains(host.Host.Trim('[', ']'), StringComparer.OrdinalIgnoreCase));
}
