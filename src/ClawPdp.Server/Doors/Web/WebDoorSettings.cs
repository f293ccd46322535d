using System.Collections.Immutable;

namespace ClawPdp.Server.Doors.Web;

/// <summary>Whom a door lets in that a browser can reach.</summary>
internal sealed record WebDoorSettings
{
    /// <summary>Gets the door's name in the configuration.</summary>
    public required string Door { get; init; }

    /// <summary>Gets the origins of the web pages that may call, as browsers write them; none by default.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];

    /// <summary>Gets the hosts beside loopback by which callers reach the port: lower case, without a port.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];
}
