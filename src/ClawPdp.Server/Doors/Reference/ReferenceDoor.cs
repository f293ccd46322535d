using ClawPdp.Core.Json;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>The public issuer's own paths on the HTTP port, for tools that were written for it: keys, tokens and the audit's pages.</summary>
internal sealed class ReferenceDoor : IDoor
{
    /// <summary>The door and its settings, of which there are none yet.</summary>
    public static readonly DoorKind Kind = new("reference", static (member, _) => Read(member));

    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] Get = [HttpMethods.Get];

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton<KeyPaths>();
        services.AddSingleton<TokenPaths>();
        services.AddSingleton<RevokePath>();
        services.AddSingleton<AuditPaths>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var keys = services.GetRequiredService<KeyPaths>();
        DoorRoutes.Map(routes, Plane.Decision, "/v1/did", Get, keys.GetDidAsync);
        DoorRoutes.Map(routes, Plane.Decision, "/v1/keys/rotation-contract", Get, keys.GetContractAsync);
        DoorRoutes.Map(routes, Plane.Decision, "/v1/keys/transparency/latest", Get, keys.GetSnapshotAsync);
        var tokens = services.GetRequiredService<TokenPaths>();
        DoorRoutes.Map(routes, Plane.Decision, "/v1/tokens/introspect", Post, tokens.IntrospectAsync);
        DoorRoutes.Map(routes, Plane.Decision, "/v1/tokens/introspect/matrix", Post, tokens.GetMatrixAsync);
        DoorRoutes.Map(routes, Plane.Admin, "/v1/tokens/revoke", Post, services.GetRequiredService<RevokePath>().RevokeAsync);
        var audit = services.GetRequiredService<AuditPaths>();
        DoorRoutes.Map(routes, Plane.Admin, "/v1/audit/issuance", Get, audit.GetIssuanceAsync);
        DoorRoutes.Map(routes, Plane.Admin, "/v1/audit/bundle", Get, audit.GetBundleAsync);
    }

    private static ReferenceDoor Read(JsonCursor? member)
    {
        member?.IsObjectOf();
        return new ReferenceDoor();
    }
}
