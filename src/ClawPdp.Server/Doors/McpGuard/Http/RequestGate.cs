using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>
/// Looks at the head of a request before anything else. A page in a browser reaches every port of its machine: what was meant for another name
/// (DNS rebinding) or comes from a page of another origin is refused, as the protocol demands. Everything that a server could read in another way
/// than the guard is refused too.
/// </summary>
internal sealed class RequestGate
{
    private static readonly ImmutableArray<string> Names = ["127.0.0.1", "localhost", "[::1]"];

    private readonly string _path;

    /// <param name="path">The one path that is served.</param>
    public RequestGate(string path) => _path = path;

    /// <summary>Tells whether an address is one that the guard listens on: whoever reaches the port acts with the token.</summary>
    public static bool MayListen(IPEndPoint endPoint) => endPoint.Address.Equals(IPAddress.Loopback) || endPoint.Address.Equals(IPAddress.IPv6Loopback);

    /// <summary>Looks for what keeps a request out.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The status and why; <see langword="null"/> for a request that may go on.</returns>
    public (int Status, string Message)? Find(HttpContext context) => FindStranger(context) ?? FindTarget(context) ?? FindBody(context);

    private static (int Status, string Message)? FindStranger(HttpContext context)
    {
        var (host, origin, port) = (context.Request.Headers.Host, context.Request.Headers.Origin, context.Connection.LocalPort);
        if (!IsOwn(host, "", port))
        {
            return (StatusCodes.Status403Forbidden, "the host is not the guard's");
        }

        return origin.Count == 0 || IsOwn(origin, "http://", port) ? null : (StatusCodes.Status403Forbidden, "pages of other origins are not served");
    }

    private static bool IsOwn(StringValues given, string scheme, int port) =>
        given is [var only] && Names.Any(name => string.Equals(only, $"{scheme}{name}:{port}", StringComparison.OrdinalIgnoreCase));

    private (int Status, string Message)? FindTarget(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestFeature>()?.RawTarget is not { } target || !string.Equals(target, _path, StringComparison.Ordinal))
        {
            return (StatusCodes.Status404NotFound, $"only {_path} is served, without a query");
        }

        if (context.Request.Method is not ("POST" or "GET" or "DELETE"))
        {
            context.Response.Headers.Allow = "GET, POST, DELETE";
            return (StatusCodes.Status405MethodNotAllowed, "the method is none of the protocol's");
        }

        return null;
    }

    private static (int Status, string Message)? FindBody(HttpContext context)
    {
        var headers = context.Request.Headers;
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is not false;
        if (context.Request.Method is not "POST")
        {
            return hasBody ? (StatusCodes.Status400BadRequest, "only POST has a body") : FindAccept(context);
        }

        if (headers.ContentEncoding.Count > 0 || headers.ContentType is not [var type] || !ContentTypes.Is(type, ContentTypes.Json))
        {
            return (StatusCodes.Status415UnsupportedMediaType, "one message as application/json in UTF-8, uncompressed, is expected");
        }

        return FindAccept(context);
    }

    private static (int Status, string Message)? FindAccept(HttpContext context)
    {
        var accept = context.Request.Headers.Accept;
        var isGood = context.Request.Method switch
        {
            "POST" => ContentTypes.Accepts(accept, ContentTypes.Json) && ContentTypes.Accepts(accept, ContentTypes.EventStream),
            "GET" => ContentTypes.Accepts(accept, ContentTypes.EventStream),
            _ => true,
        };
        return isGood ? null : (StatusCodes.Status406NotAcceptable, "the client has to accept application/json and text/event-stream");
    }
}
