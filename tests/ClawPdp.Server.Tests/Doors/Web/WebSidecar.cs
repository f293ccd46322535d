using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Doors.Web;

/// <summary>The sidecar with a page that may call through each of the doors, and a name of its own for the HTTP port.</summary>
public sealed class WebSidecar : RunningSidecar
{
    public const string Origin = "https://console.example.com";
    public const string OtherOrigin = "https://other.example.com";
    public const string Host = "pdp.example.com";

    private const string Doors = $$"""
        { "connect": { "origins": ["{{Origin}}"], "hosts": ["{{Host}}"] }, "grpc_web": { "origins": ["{{OtherOrigin}}"], "hosts": ["{{Host}}"] } }
        """;

    private protected override ServerSettings Adjust(ServerSettings settings)
    {
        var faults = new List<Fault>();
        var doors = AllDoors.Read(JsonCursor.At(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(Doors), 4096).Value, faults), settings.DataDirectory);
        Assert.Empty(faults);
        return settings with { Doors = doors };
    }
}
