using ClawPdp.Core.Json;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Http;

/// <summary>Writes JSON answers of the HTTP port.</summary>
internal static class HttpJson
{
    /// <summary>Writes a refusal, which is counted by its code: one of our own words.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        RefusalNotes.Say(context, code);
        context.Response.StatusCode = status;
        return WriteAsync(context, new JsonObjectBuilder().Add("error", code).Add("message", message).Build());
    }

    /// <summary>Writes a value as the whole body; it is not to be kept.</summary>
    public static async Task WriteAsync(HttpContext context, JsonValue value)
    {
        var body = JsonWriter.WriteCanonical(value);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
