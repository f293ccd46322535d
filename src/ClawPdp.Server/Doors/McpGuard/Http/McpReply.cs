using System.IO.Pipelines;

namespace ClawPdp.Server.Doors.McpGuard.Http;

/// <summary>Writes the guard's answers, which nobody may keep.</summary>
internal static class McpReply
{
    /// <summary>Writes a message as the whole body.</summary>
    public static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentTypes.Json;
        context.Response.ContentLength = message.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
    }

    /// <summary>Writes that a request is refused, whose id is not known.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string message) =>
        WriteAsync(context, status, McpAnswers.Error(id: null, McpAnswers.InvalidRequest, $"refused by ClawPdp: {message}"));

    /// <summary>Begins a stream of events; its head goes out at once, as the first event may be long in coming.</summary>
    public static async Task<PipeWriter> BeginEventsAsync(HttpContext context, CancellationToken cancellation)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = ContentTypes.EventStream;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.BodyWriter.FlushAsync(cancellation);
        return context.Response.BodyWriter;
    }
}
