namespace ClawPdp.Server.Doors.Web;

/// <summary>gRPC-Web on the HTTP port, for browsers and for whatever else speaks no HTTP/2.</summary>
internal sealed class GrpcWebDoor : IDoor
{
    private const string Name = "grpc_web";

    private readonly WebDoorSettings _settings;

    private GrpcWebDoor(WebDoorSettings settings) => _settings = settings;

    /// <summary>Gets the door by its name.</summary>
    public static DoorKind Kind { get; } = new(Name, static (member, _) => new GrpcWebDoor(WebDoorReader.Read(Name, member)));

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services) => services.AddSingleton<IStartupFilter>(new WebStep(_settings, new GrpcWebProtocol()));

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        // Its paths are those of gRPC.
    }
}
