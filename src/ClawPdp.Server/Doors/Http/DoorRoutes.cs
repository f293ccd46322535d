using ClawPdp.Server.Callers;
using ClawPdp.Server.Health;
using ClawPdp.Server.Http;
using ClawPdp.Server.Overload;
using Grpc.Core;

namespace ClawPdp.Server.Doors.Http;

/// <summary>Adds the paths of the doors of the HTTP port.</summary>
internal static class DoorRoutes
{
    /// <summary>
    /// Adds a path. Its requests count as calls under way; one that comes while the sidecar stops, or with a body for which there is no room, gets 503,
    /// and one whose handling fails, which is logged and counted, gets 500, all with <c>error</c> and <c>message</c> in JSON. A caller without an answer
    /// must not act.
    /// </summary>
    /// <param name="routes">Where to add it.</param>
    /// <param name="plane">The plane that it is of.</param>
    /// <param name="pattern">The path's pattern.</param>
    /// <param name="methods">The methods; others get 405.</param>
    /// <param name="answer">Answers a request.</param>
    public static void Map(IEndpointRouteBuilder routes, Plane plane, string pattern, IEnumerable<string> methods, RequestDelegate answer) =>
        routes.MapMethods(pattern, methods, context => AnswerAsync(context, pattern, answer)).OnPlane(plane);

    /// <summary>Adds a path that takes every method; otherwise as <see cref="Map"/>.</summary>
    /// <param name="routes">Where to add it.</param>
    /// <param name="plane">The plane that it is of.</param>
    /// <param name="pattern">The path's pattern.</param>
    /// <param name="answer">Answers a request.</param>
    public static void MapAll(IEndpointRouteBuilder routes, Plane plane, string pattern, RequestDelegate answer) =>
        routes.Map(pattern, context => AnswerAsync(context, pattern, answer)).OnPlane(plane);

    private static async Task AnswerAsync(HttpContext context, string pattern, RequestDelegate answer)
    {
        var services = context.RequestServices;
        var calls = services.GetRequiredService<OpenCalls>();
        if (!calls.TryEnter(isStream: false))
        {
            await HttpJson.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "the sidecar is stopping");
            return;
        }

        try
        {
            await answer(context);
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.ResourceExhausted && !context.Response.HasStarted)
        {
            context.Response.Clear();
            await HttpJson.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "OVERLOADED", refused.Status.Detail);
        }
        catch (Exception exception) when (IsOurs(exception, context))
        {
            services.GetRequiredService<FailureCounter>().Add();
            Log.CallFailed(services.GetRequiredService<ILogger<IDoor>>(), pattern, exception);
            context.Response.Clear();
            await HttpJson.RefuseAsync(context, StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", "the call could not be finished");
        }
        finally
        {
            calls.Leave(isStream: false);
        }
    }

    // A caller that goes away in the middle is no failure of ours; and an answer that is on its way can only be cut off.
    private static bool IsOurs(Exception exception, HttpContext context) =>
        exception is not (OperationCanceledException or IOException or OutOfMemoryException) && !context.Response.HasStarted;
}
