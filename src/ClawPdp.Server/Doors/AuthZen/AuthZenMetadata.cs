using ClawPdp.Core.Json;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>Says where the API's endpoints are: <c>GET /.well-known/authzen-configuration</c>.</summary>
internal sealed class AuthZenMetadata
{
    private readonly JsonValue? _document;

    /// <summary>Initializes a new instance of the <see cref="AuthZenMetadata"/> class.</summary>
    /// <param name="publicUrl">Where callers reach the HTTP port; <see langword="null"/> when nobody said.</param>
    public AuthZenMetadata(string? publicUrl) => _document = publicUrl is null ? null : new JsonObjectBuilder()
        .Add("policy_decision_point", publicUrl)
        .Add("access_evaluation_endpoint", publicUrl + AuthZenPaths.Evaluation)
        .Add("access_evaluations_endpoint", publicUrl + AuthZenPaths.Evaluations)
        .Add("search_action_endpoint", publicUrl + AuthZenPaths.ActionSearch)
        .Build();

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        CallerRequestId.Echo(context);
        return _document is null
            ? HttpJson.RefuseAsync(context, StatusCodes.Status404NotFound, "NOT_CONFIGURED", "no public URL is configured: set /doors/authzen/public_url")
            : HttpJson.WriteAsync(context, _document);
    }
}
