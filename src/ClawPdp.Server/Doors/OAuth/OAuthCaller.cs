using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>
/// Tells whether a caller may look at tokens or revoke them: a client that may, or the holder of a CST of the canonical lane with the control scope,
/// as on the public service's own paths.
/// </summary>
internal sealed class OAuthCaller
{
    private readonly ClientAuthentication _clients;
    private readonly ControlAccess _control;

    public OAuthCaller(ClientAuthentication clients, ControlAccess control)
    {
        _clients = clients;
        _control = control;
    }

    /// <summary>Looks for what keeps the caller out.</summary>
    /// <param name="context">The request.</param>
    /// <param name="form">The request's form.</param>
    /// <param name="right">What a client needs.</param>
    /// <param name="scope">What a CST needs.</param>
    /// <param name="name">Receives who it is, for a record.</param>
    /// <returns>The error; <see langword="null"/> when the caller may.</returns>
    public OAuthError? Find(HttpContext context, FormParameters form, OAuthRights right, string scope, out string name)
    {
        var client = _clients.Authenticate(context.Request.Headers, form, out var error);
        name = client is null ? "" : "client " + client.ClientId;
        if (error is not null || client is not null)
        {
            return error ?? (client?.Rights.HasFlag(right) is true ? null : OAuthError.Right());
        }

        if (_control.Find(context, scope, out var subject) is var (status, code, message))
        {
            return new OAuthError(status, status == StatusCodes.Status401Unauthorized ? "invalid_client" : "insufficient_scope", message, code);
        }

        name = subject;
        return null;
    }
}
