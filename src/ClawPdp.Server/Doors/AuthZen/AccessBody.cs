using ClawPdp.Core.Json;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>Reads what every request of the API has: the media type, a JSON object, the headers.</summary>
internal static class AccessBody
{
    /// <summary>The longest body with one question.</summary>
    public const int SingleMaxBytes = 256 * 1024;

    /// <summary>The code of a body that is no request.</summary>
    public const string Invalid = "REQUEST_INVALID";

    /// <summary>Reads the body; writes the refusal when it is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytesMax">The longest body that is taken.</param>
    /// <returns>An object; <see langword="null"/> when the request is answered.</returns>
    public static async Task<JsonValue?> ReadAsync(HttpContext context, int bytesMax)
    {
        if (!DoorBody.IsOf(context, "application/json"))
        {
            await RefuseAsync(context, "the content type is not application/json");
            return null;
        }

        if (await DoorBody.ReadAsync(context, bytesMax) is not { } body)
        {
            await HttpJson.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, Invalid, $"the body is longer than {bytesMax} bytes");
            return null;
        }

        var parsed = JsonReader.Parse(body, bytesMax);
        if (parsed.TryGet(out var value) && value.Kind == JsonKind.Object)
        {
            return value;
        }

        await RefuseAsync(context, parsed.IsValid ? "an object is expected" : $"{parsed.Faults[0].Pointer}: {parsed.Faults[0].Message}");
        return null;
    }

    /// <summary>Writes the refusal of what is no request.</summary>
    public static Task RefuseAsync(HttpContext context, string message) => HttpJson.RefuseAsync(context, StatusCodes.Status400BadRequest, Invalid, message);

    /// <summary>Reads the headers; writes the refusal when they hold different tokens.</summary>
    /// <returns>What they say; <see langword="null"/> when the request is answered.</returns>
    public static async Task<AccessCaller?> ReadCallerAsync(HttpContext context)
    {
        var id = CallerRequestId.Echo(context);
        var bearer = BearerOf(context.Request.Headers.Authorization.ToString());
        var own = context.Request.Headers["X-CST"].ToString();
        if (own.Length > 0 && bearer.Length > 0 && !string.Equals(own, bearer, StringComparison.Ordinal))
        {
            await RefuseAsync(context, "the headers X-CST and Authorization hold different tokens");
            return null;
        }

        return new AccessCaller(own.Length > 0 ? own : bearer, id, Asker.Of(context, DecisionDoor.AuthZen));
    }

    // Another scheme's credential is no token, and is denied as such. A scheme without its credential gives none: white space at the end was cut off.
    private static string BearerOf(string authorization) => After(authorization, "Bearer") ?? After(authorization, "DPoP") ?? authorization;

    private static string? After(string authorization, string scheme) =>
        authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && (authorization.Length == scheme.Length || authorization[scheme.Length] == ' ')
            ? authorization[scheme.Length..].Trim()
            : null;
}
