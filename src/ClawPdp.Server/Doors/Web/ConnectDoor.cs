namespace ClawPdp.Server.Doors.Web;

/// <summary>The Connect protocol's unary calls on the HTTP port: a POST of JSON, for whatever speaks HTTP, and of protobuf.</summary>
internal sealed class ConnectDoor : IDoor
{
    private const string Name = "connect";

    private readonly WebDoorSettings _settings;

    private ConnectDoor(WebDoorSettings settings) => _settings = settings;

    /// <summary>Gets the door by its name.</summary>
    public static DoorKind Kind { get; } = new(Name, static (member, _) => new ConnectDoor(WebDoorReader.Read(Name, member)));

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services) => services.AddSingleton<IStartupFilter>(new WebStep(_settings, new ConnectProtocol()));

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        // Its paths are those of gRPC.
    }
}
