using System.Collections.Immutable;

namespace ClawPdp.Server.Callers;

/// <summary>The names of the planes in configurations and messages.</summary>
internal static class PlaneNames
{
    private static readonly ImmutableArray<(string Name, Plane Plane)> Names =
    [
        ("decision", Plane.Decision),
        ("issuance", Plane.Issuance),
        ("metrics", Plane.Metrics),
        ("admin", Plane.Admin),
    ];

    /// <summary>Gets the names, for a hint.</summary>
    public static string Known => string.Join(", ", Names.Select(static item => item.Name));

    /// <summary>Gives the plane of a name; <see cref="Plane.None"/> when it is no name.</summary>
    public static Plane Find(string name) => Names.FirstOrDefault(item => string.Equals(item.Name, name, StringComparison.Ordinal)).Plane;

    /// <summary>Gives the names of planes, with commas.</summary>
    public static string Of(Plane planes) => string.Join(", ", Names.Where(item => planes.HasFlag(item.Plane)).Select(static item => item.Name));
}
