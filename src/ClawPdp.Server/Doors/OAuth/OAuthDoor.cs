using ClawPdp.Server.Callers;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>The OAuth endpoints on the HTTP port: token exchange, introspection, revocation, and the documents that lead to them.</summary>
internal sealed class OAuthDoor : IDoor
{
    /// <summary>The door and its settings.</summary>
    public static readonly DoorKind Kind = new("oauth", static (member, _) => new OAuthDoor(OAuthSettingsReader.Read(member)));

    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] Get = [HttpMethods.Get];

    private readonly OAuthSettings _settings;

    public OAuthDoor(OAuthSettings settings) => _settings = settings;

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton(_settings);
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<OAuthCaller>();
        services.AddSingleton<ProvenKey>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<IntrospectionEndpoint>();
        services.AddSingleton<RevocationEndpoint>();
        services.AddSingleton<OAuthMetadata>();
        services.AddSingleton<ClawsigDocument>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        DoorRoutes.Map(routes, Plane.Issuance, OAuthPaths.Token, Post, services.GetRequiredService<TokenEndpoint>().AnswerAsync);
        DoorRoutes.Map(routes, Plane.Decision, OAuthPaths.Introspect, Post, services.GetRequiredService<IntrospectionEndpoint>().AnswerAsync);
        DoorRoutes.Map(routes, Plane.Admin, OAuthPaths.Revoke, Post, services.GetRequiredService<RevocationEndpoint>().AnswerAsync);
        DoorRoutes.Map(routes, Plane.Decision, OAuthPaths.Metadata, Get, services.GetRequiredService<OAuthMetadata>().AnswerAsync);
        DoorRoutes.Map(routes, Plane.Decision, OAuthPaths.Clawsig, Get, services.GetRequiredService<ClawsigDocument>().AnswerAsync);
    }
}
