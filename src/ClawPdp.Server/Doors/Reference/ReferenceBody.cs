using ClawPdp.Core.Json;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>Reads the bodies of the public issuer's paths: a JSON object, whatever the content type says.</summary>
internal static class ReferenceBody
{
    private const int BytesMax = 64 * 1024;

    /// <summary>Reads the body; writes the refusal when it is none.</summary>
    /// <returns>An object; <see langword="null"/> when the request is answered.</returns>
    public static async Task<JsonValue?> ReadAsync(HttpContext context)
    {
        if (await DoorBody.ReadAsync(context, BytesMax) is not { } body || !JsonReader.Parse(body, BytesMax).TryGet(out var value))
        {
            await RefuseAsync(context, "INVALID_JSON", "the body is no JSON, or longer than 64 KiB");
            return null;
        }

        if (value.Kind == JsonKind.Object)
        {
            return value;
        }

        await RefuseAsync(context, "INVALID_REQUEST", "an object is expected");
        return null;
    }

    /// <summary>Refuses a request that is malformed.</summary>
    public static Task RefuseAsync(HttpContext context, string code, string message) => HttpJson.RefuseAsync(context, StatusCodes.Status400BadRequest, code, message);
}
