using System.Text;
using ClawPdp.Core.Json;
using ClawPdp.Server.Http;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Writes the answers of the OAuth endpoints, which nobody may keep.</summary>
internal static class OAuthReply
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Writes an error.</summary>
    public static Task RefuseAsync(HttpContext context, OAuthError error)
    {
        RefusalNotes.Say(context, error.Code);
        context.Response.StatusCode = error.Status;
        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"clawpdp\", charset=\"UTF-8\"";
        }
        else if (error.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return WriteAsync(context, new JsonObjectBuilder()
            .Add("error", error.Error)
            .AddIfPresent("error_description", Plain(error.Reason.Length > 0 ? $"{error.Reason}: {error.Description}" : error.Description))
            .AddIfPresent("reason_code", error.Reason)
            .Build());
    }

    /// <summary>Writes an answer.</summary>
    public static Task WriteAsync(HttpContext context, JsonValue value)
    {
        context.Response.Headers.Pragma = "no-cache";
        return HttpJson.WriteAsync(context, value);
    }

    // RFC 6749 section 5.2: %x20-21 / %x23-5B / %x5D-7E.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var unit in text)
        {
            plain.Append(unit is >= ' ' and <= '~' and not '"' and not '\\' ? unit : '\'');
        }

        return plain.ToString();
    }
}
