using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Tests.Doors.ForwardAuth;

/// <summary>The sidecar with some named paths of the HTTP door beside the main one.</summary>
public sealed class ForwardAuthSidecar : RunningSidecar
{
    private const string Doors = """
        { "forward_auth": { "routes": {
            "tools": { "host": "none", "state": { "tool": "github" } },
            "tools-too": { "host": "none", "state": { "tool": "splunk" } },
            "stated": { "state": { "audience": "clawpdp" } },
            "egress": { "token": "x-cst" },
            "envoy": { "destination_header": "host" },
            "headers": { "host": "header" } } } }
        """;

    private protected override ServerSettings Adjust(ServerSettings settings)
    {
        var faults = new List<Fault>();
        var doors = AllDoors.Read(JsonCursor.At(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(Doors), 4096).Value, faults), settings.DataDirectory);
        Assert.Empty(faults);
        return settings with { Doors = doors };
    }
}
