using ClawPdp.Fuzz.Targets;

namespace ClawPdp.Fuzz;

/// <summary>Every group of parsers.</summary>
public static class FuzzGroups
{
    // Made when first asked for: instrumented code must not run before the fuzzer has given it the memory where it counts.
    private static readonly Dictionary<string, Lazy<FuzzGroup>> Groups = new(StringComparer.Ordinal)
    {
        ["tokens"] = new(static () => new FuzzGroup(TokenTargets.All)),
        ["policies"] = new(static () => new FuzzGroup(PolicyTargets.All)),
        ["evidence"] = new(static () => new FuzzGroup(EvidenceTargets.All)),
        ["doors"] = new(static () => new FuzzGroup(DoorTargets.All)),
    };

    /// <summary>Gets the names of the groups.</summary>
    public static IReadOnlyCollection<string> Names => Groups.Keys;

    /// <summary>Gives a group; <see langword="null"/> for a name that is none.</summary>
    public static FuzzGroup? Find(string name) => Groups.GetValueOrDefault(name)?.Value;
}
