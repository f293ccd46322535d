using ClawPdp.Core.Faults;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Sources;

/// <summary>The policies at hand, by hash, to follow <c>inherits</c> among them; nobody's signature is asked for.</summary>
public sealed class PolicyShelf
{
    private readonly Dictionary<string, WorkPolicyContract> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyChain?> _chains = new(StringComparer.Ordinal);

    /// <summary>Adds a policy; one that is there already stays.</summary>
    public void Add(WorkPolicyContract policy)
    {
        _chains.Clear();
        _ = _policies.TryAdd(policy.PolicyHash, policy);
    }

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

    /// <summary>Finds a policy with what it inherits from; <see langword="null"/> when not all of it is at hand.</summary>
    public PolicyChain? Find(string policyHash)
    {
        if (!_chains.TryGetValue(policyHash, out var chain))
        {
            chain = _policies.TryGetValue(policyHash, out var policy) && Resolve(policy, out _).TryGet(out var resolved) ? resolved : null;
            _chains.Add(policyHash, chain);
        }

        return chain;
    }
}
