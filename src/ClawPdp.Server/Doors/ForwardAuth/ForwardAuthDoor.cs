using System.Collections.Immutable;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Doors.ForwardAuth;

/// <summary>
/// The door for proxies that ask over HTTP before they forward: nginx <c>auth_request</c>, Caddy and Traefik <c>forward_auth</c>, HAProxy, and
/// Envoy's HTTP variant. 200 is an allow, and nothing else is.
/// </summary>
internal sealed class ForwardAuthDoor : IDoor
{
    /// <summary>The main path; named ones lie below it.</summary>
    public const string Path = "/v1/forward-auth";

    /// <summary>The header in which proxies say which host was asked for.</summary>
    public const string ForwardedHost = "x-forwarded-host";

    private const string ForwardedMethod = "x-forwarded-method";
    private const string ForwardedScheme = "x-forwarded-proto";
    private const string ForwardedTarget = "x-forwarded-uri";

    private readonly ImmutableArray<ForwardAuthRoute> _routes;

    private ForwardAuthDoor(ImmutableArray<ForwardAuthRoute> routes) => _routes = routes;

    /// <summary>Gets the door by its name.</summary>
    public static DoorKind Kind { get; } = new("forward_auth", static (settings, _) => new ForwardAuthDoor(ForwardAuthReader.Read(settings)));

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services) =>
        services.AddSingleton<IStartupFilter>(new RawPathGuard([.. _routes.Select(static route => route.Path)]));

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var route in _routes)
        {
            DoorRoutes.MapAll(routes, Plane.Decision, route.Path + (route.TakesRest ? "/{**rest}" : ""), context => AnswerAsync(context, route));
        }
    }

    private static async Task AnswerAsync(HttpContext context, ForwardAuthRoute route)
    {
        var desk = context.RequestServices.GetRequiredService<QuestionDesk>();
        var reading = HttpQuestion.Read(ShapeOf(context.Request, route));
        var reply = HttpReply.Of(await reading.AskAsync(desk, reading.AskerOf(context, DecisionDoor.ForwardAuth)));
        var response = context.Response;
        RefusalNotes.MarkCounted(context);

        // What is malformed is denied like all else: a proxy takes a status that it does not expect for a fault of the sidecar.
        response.StatusCode = reply.Status == StatusCodes.Status400BadRequest ? StatusCodes.Status403Forbidden : reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers.CacheControl = "no-store";
        if (!reply.IsAllowed)
        {
            response.ContentType = "application/json";
            response.ContentLength = reply.Body.Length;
            await response.Body.WriteAsync(reply.Body, context.RequestAborted);
        }
    }

    private static HttpShape ShapeOf(HttpRequest request, ForwardAuthRoute route)
    {
        var shape = new HttpShape
        {
            Headers = [.. request.Headers.SelectMany(static header => header.Value, static (header, value) => KeyValuePair.Create(header.Key.ToLowerInvariant(), value ?? ""))],
            Rules = route.Rules,
        };
        return shape with
        {
            Destination = Joined(shape, route.DestinationHeader),
            Method = Joined(shape, ForwardedMethod),
            Target = Joined(shape, ForwardedTarget),
            Scheme = Joined(shape, ForwardedScheme),
        };
    }

    // Two are joined, as any proxy may have done before: no host has a comma in it.
    private static string Joined(HttpShape shape, string header) => string.Join(',', shape.ValuesOf(header));
}
