using ClawPdp.Core.Json;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.Envoy;

/// <summary>The door for Envoy's <c>ext_authz</c> filter and its kin, over gRPC: <c>envoy.service.auth.v3.Authorization</c>.</summary>
internal sealed class EnvoyDoor : IDoor
{
    private const string RemoveTokenMember = "remove_token";

    private readonly EnvoySettings _settings;

    private EnvoyDoor(EnvoySettings settings) => _settings = settings;

    /// <summary>Gets the door by its name.</summary>
    public static DoorKind Kind { get; } = new("envoy", static (settings, _) => new EnvoyDoor(Read(settings)));

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services) => services.AddSingleton(_settings);

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGrpcService<EnvoyGrpcService>().OnPlane(Plane.Decision);

    private static EnvoySettings Read(JsonCursor? settings)
    {
        var members = settings is not null && settings.IsObjectOf(HttpRules.HostMember, HttpRules.TokenMember, HttpRulesReader.StateMember, RemoveTokenMember) ? settings : null;
        return new EnvoySettings(HttpRulesReader.Read(members), members?.Optional(RemoveTokenMember)?.AsBoolean() ?? true);
    }
}
