using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Reads the form that every request to the OAuth endpoints is.</summary>
internal static class OAuthForm
{
    private const int BodyMaxBytes = 128 * 1024;

    /// <summary>Reads the form; writes the error when it is none, or a parameter comes twice that may not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mayRepeat">The parameters that may come more than once.</param>
    /// <returns>The parameters; <see langword="null"/> when the request is answered.</returns>
    public static async Task<FormParameters?> ReadAsync(HttpContext context, params string[] mayRepeat)
    {
        if (!DoorBody.IsOf(context, "application/x-www-form-urlencoded"))
        {
            return await RefuseAsync(context, "the content type is not application/x-www-form-urlencoded");
        }

        if (await DoorBody.ReadAsync(context, BodyMaxBytes) is not { } body)
        {
            return await RefuseAsync(context, $"the body is longer than {BodyMaxBytes} bytes");
        }

        if (FormParameters.Parse(body) is not { } form)
        {
            return await RefuseAsync(context, "the form is malformed");
        }

        return form.FindRepeated(mayRepeat) is { } repeated ? await RefuseAsync(context, $"{Shown(repeated)} comes more than once") : form;
    }

    // A name from the text goes into a message: bounded, so that a message stays a line.
    private static string Shown(string name) => name.Length <= 64 ? name : name[..64];

    private static async Task<FormParameters?> RefuseAsync(HttpContext context, string message)
    {
        await OAuthReply.RefuseAsync(context, OAuthError.Request(message));
        return null;
    }
}
