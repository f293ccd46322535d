using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doors.AuthZen;
using ClawPdp.Server.Doors.Envoy;
using ClawPdp.Server.Doors.ExtMcp;
using ClawPdp.Server.Doors.ForwardAuth;
using ClawPdp.Server.Doors.OAuth;
using ClawPdp.Server.Doors.Reference;
using ClawPdp.Server.Doors.Web;

namespace ClawPdp.Server.Doors;

/// <summary>The doors that there are: one line each.</summary>
internal static class AllDoors
{
    private static readonly ImmutableArray<DoorKind> Kinds =
    [
        AuthZenDoor.Kind,
        ConnectDoor.Kind,
        EnvoyDoor.Kind,
        ExtMcpDoor.Kind,
        ForwardAuthDoor.Kind,
        GrpcWebDoor.Kind,
        OAuthDoor.Kind,
        ReferenceDoor.Kind,
    ];

    /// <summary>Reads the member <c>doors</c>; every fault goes to the document's.</summary>
    /// <param name="doors">The member; <see langword="null"/> when it is absent.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    /// <returns>The doors that stand open.</returns>
    public static ImmutableArray<IDoor> Read(JsonCursor? doors, string baseDirectory)
    {
        var members = doors is not null && doors.IsObjectOf([.. Kinds.Select(static kind => kind.Name)]) ? doors : null;
        var open = ImmutableArray.CreateBuilder<IDoor>();
        foreach (var kind in Kinds)
        {
            var member = members?.Optional(kind.Name);
            if (member is not { Value.Kind: JsonKind.Null } && kind.Read(member, baseDirectory) is { } door)
            {
                open.Add(door);
            }
        }

        return open.ToImmutable();
    }
}
