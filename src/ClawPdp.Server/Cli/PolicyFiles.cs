using System.CommandLine;
using ClawPdp.Core.Policies;

namespace ClawPdp.Server.Cli;

/// <summary>Reads policies together with what they inherit.</summary>
internal static class PolicyFiles
{
    /// <summary>Makes the option for what is inherited.</summary>
    public static Option<string[]> With() => new("--with")
    {
        Description = "a policy that is inherited from, or a folder of them; may be repeated",
        HelpName = "FILE|DIR",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Reads a policy.</summary>
    /// <exception cref="InputException">It cannot be read or is refused.</exception>
    public static WorkPolicyContract Load(string path) => Input.Require(path, WpcLoader.Load(Input.Read(path)));

    /// <summary>Reads what may be inherited from: files, and every <c>.json</c> file in folders.</summary>
    public static IReadOnlyCollection<WorkPolicyContract> LoadAll(IEnumerable<string> paths) =>
        [.. paths.SelectMany(static path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal) : (IEnumerable<string>)[path]).Select(Load)];

    /// <summary>Follows <c>inherits</c>.</summary>
    /// <exception cref="InputException">A policy that is inherited from is not at hand.</exception>
    public static PolicyChain Resolve(string path, WorkPolicyContract policy, IReadOnlyCollection<WorkPolicyContract> others)
    {
        var resolved = PolicyChain.Resolve(policy, hash => others.FirstOrDefault(other => string.Equals(other.PolicyHash, hash, StringComparison.Ordinal)));
        return resolved.IsValid ? resolved.Value : throw new InputException($"{path}: {resolved.Faults[0].Pointer}: {resolved.Faults[0].Message} (name it with --with)");
    }
}
