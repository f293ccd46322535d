using ClawPdp.Core.Json;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>The OpenID AuthZEN Authorization API 1.0 on the HTTP port: evaluation, evaluations, action search and the metadata.</summary>
internal sealed class AuthZenDoor : IDoor
{
    /// <summary>The door and its settings.</summary>
    public static readonly DoorKind Kind = new("authzen", static (member, _) => Read(member));

    private static readonly string[] Post = [HttpMethods.Post];

    private readonly AuthZenMetadata _metadata;

    /// <summary>Initializes a new instance of the <see cref="AuthZenDoor"/> class.</summary>
    /// <param name="publicUrl">Where callers reach the HTTP port; <see langword="null"/> for a door without metadata.</param>
    public AuthZenDoor(string? publicUrl) => _metadata = new AuthZenMetadata(publicUrl);

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton<EvaluationDesk>();
        services.AddSingleton<EvaluationsDesk>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        DoorRoutes.Map(routes, Plane.Decision, AuthZenPaths.Evaluation, Post, EvaluationEndpoints.EvaluateAsync);
        DoorRoutes.Map(routes, Plane.Decision, AuthZenPaths.Evaluations, Post, EvaluationEndpoints.EvaluateManyAsync);
        DoorRoutes.Map(routes, Plane.Decision, AuthZenPaths.ActionSearch, Post, ActionSearchEndpoint.SearchAsync);
        DoorRoutes.Map(routes, Plane.Decision, AuthZenPaths.Metadata, [HttpMethods.Get], _metadata.AnswerAsync);
    }

    private static AuthZenDoor Read(JsonCursor? member)
    {
        var members = member is not null && member.IsObjectOf("public_url") ? member : null;
        return new AuthZenDoor(PublicUrl.Read(members?.Optional("public_url")));
    }
}
