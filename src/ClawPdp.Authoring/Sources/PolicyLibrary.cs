using ClawPdp.Core.Faults;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Sources;

/// <summary>The policies at hand, by hash, to follow <c>inherits</c> among them.</summary>
public sealed class PolicyLibrary
{
    private readonly Dictionary<string, WorkPolicyContract> _policies = new(StringComparer.Ordinal);

    /// <summary>Adds a policy; one that is there already stays.</summary>
    public void Add(WorkPolicyContract policy) => _ = _policies.TryAdd(policy.PolicyHash, policy);

    /// <summary>Follows a policy's <c>inherits</c> to the end of the chain.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="missing">Receives the hash of the policy that is not at hand; <see langword="null"/> when that is not what is wrong.</param>
    public Result<PolicyChain> Resolve(WorkPolicyContract policy, out string? missing)
    {
        string? unknown = null;
        var resolved = PolicyChain.Resolve(policy, hash =>
        {
            var found = _policies.GetValueOrDefault(hash);
            unknown = found is null ? hash : unknown;
            return found;
        });
        missing = unknown;
        return resolved;
    }
}
