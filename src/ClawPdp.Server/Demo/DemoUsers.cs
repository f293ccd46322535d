using System.Collections.Immutable;

namespace ClawPdp.Server.Demo;

/// <summary>The users of the demo's identity provider and their groups.</summary>
internal static class DemoUsers
{
    public const string PlatformEngineers = "platform-engineers";
    public const string SecurityAnalysts = "security-analysts";

    /// <summary>Gets the groups by user.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Groups { get; } = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        ["alice"] = [PlatformEngineers],
        ["bob"] = [SecurityAnalysts],
        ["carol"] = [PlatformEngineers, SecurityAnalysts],
        ["dave"] = [],
    }.ToImmutableDictionary(StringComparer.Ordinal);
}
