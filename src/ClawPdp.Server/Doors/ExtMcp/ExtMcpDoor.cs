using ClawPdp.Core.Json;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Doors.Http;

namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>The door for agentgateway, at the level of MCP: <c>agentgateway.dev.ext_mcp.ExtMcp</c>.</summary>
internal sealed class ExtMcpDoor : IDoor
{
    private readonly ExtMcpSettings _settings;

    private ExtMcpDoor(ExtMcpSettings settings) => _settings = settings;

    /// <summary>Gets the door by its name.</summary>
    public static DoorKind Kind { get; } = new("ext_mcp", static (settings, _) => new ExtMcpDoor(Read(settings)));

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services) => services.AddSingleton(_settings).AddSingleton<ToolLists>();

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGrpcService<ExtMcpGrpcService>().OnPlane(Plane.Decision);

    // A call of a tool asks for the tool; a host is asked for only where the operator states one.
    private static ExtMcpSettings Read(JsonCursor? settings)
    {
        var members = settings is not null && settings.IsObjectOf(HttpRules.TokenMember, HttpRulesReader.StateMember) ? settings : null;
        return new ExtMcpSettings(HttpRulesReader.Read(members) with { Host = HostSource.None });
    }
}
