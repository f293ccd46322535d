using System.Globalization;
using ClawPdp.Server.Http;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Callers;

/// <summary>
/// Stands before every endpoint: what the connection does not carry is refused there, and an admin call without a token where its listener
/// asks for one. An endpoint that names no plane is refused everywhere, as if it were not there.
/// </summary>
internal static class PlaneGate
{
    /// <summary>The header for an admin token where <c>authorization</c> is taken by another credential.</summary>
    public const string TokenHeader = "x-clawpdp-admin-token";

    private const string GrpcContentType = "application/grpc";

    /// <summary>Adds the step to the pipeline, behind the routing.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILogger<Caller>>();
        app.Use((context, next) =>
        {
            // What the routing answers by itself, such as 405, is no endpoint of a route.
            if (context.GetEndpoint() is not RouteEndpoint endpoint)
            {
                return next(context);
            }

            return Find(context, endpoint.Metadata.GetMetadata<PlaneRule>()) is { } refusal ? RefuseAsync(context, refusal, logger) : next(context);
        });
    }

    private static PlaneRefusal? Find(HttpContext context, PlaneRule? rule)
    {
        if (rule is null)
        {
            return PlaneRefusal.Unknown;
        }

        if (Caller.Of(context) is not { } caller || !caller.Carries(rule.Plane))
        {
            return PlaneRefusal.NotServed(rule.Plane, Caller.Of(context)?.Listener.Name ?? "");
        }

        if (rule.Plane is not Plane.Admin || caller.AdminTokens is not { } tokens)
        {
            return null;
        }

        if (tokens.Find(TokenOf(context.Request.Headers)) is not { } name)
        {
            return PlaneRefusal.NoToken;
        }

        AdminIdentity.SetToken(context, name);
        return null;
    }

    private static string TokenOf(IHeaderDictionary headers)
    {
        if (headers[TokenHeader] is { Count: > 0 } own)
        {
            return own.ToString();
        }

        return BearerText.Find(headers.Authorization.ToString()) ?? "";
    }

    private static Task RefuseAsync(HttpContext context, PlaneRefusal refusal, ILogger logger)
    {
        if (refusal.IsWorthALine && Caller.Of(context) is { } caller && caller.TakeFirstRefusal())
        {
            Log.CallerRefused(logger, caller.Listener.Name, AdminIdentity.Of(context).ToString(), refusal.Code);
        }

        var isGrpc = context.Request.ContentType?.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase) is true;
        if (!isGrpc)
        {
            return HttpJson.RefuseAsync(context, refusal.HttpStatus, refusal.Code, refusal.Message);
        }

        RefusalNotes.Say(context, refusal.Code);

        // A response of trailers alone: the status stands in the headers (gRPC over HTTP/2, "Trailers-Only").
        context.Response.ContentType = GrpcContentType;
        context.Response.Headers.GrpcStatus = ((int)refusal.GrpcStatus).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.GrpcMessage = $"{refusal.Code}: {refusal.Message}";
        return Task.CompletedTask;
    }
}
