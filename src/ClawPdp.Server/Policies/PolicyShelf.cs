using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Server.Policies;

/// <summary>Policies at hand for a command, by their hashes; nobody's signature is asked for.</summary>
internal sealed class PolicyShelf
{
    private readonly Dictionary<string, WorkPolicyContract> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyChain?> _chains = new(StringComparer.Ordinal);

    /// <summary>Adds a policy.</summary>
    public void Add(WorkPolicyContract policy) => _ = _policies.TryAdd(policy.PolicyHash, policy);

    /// <summary>Adds the policy of an envelope, if it is one that can be read.</summary>
    public void AddEnvelope(string envelope)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(envelope);
        if (JsonReader.Parse(text, PolicyEnvelopeReader.SizeMaxBytes).TryGet(out var read)
            && read.Find("payload") is { } payload
            && WpcLoader.Load(payload).TryGet(out var policy))
        {
            Add(policy);
        }
    }

    /// <summary>Finds a policy; <see langword="null"/> when it is not at hand.</summary>
    public WorkPolicyContract? Find(string policyHash) => _policies.GetValueOrDefault(policyHash);

    /// <summary>Finds a policy with what it inherits from; <see langword="null"/> when not all of it is at hand.</summary>
    public PolicyChain? FindChain(string policyHash)
    {
        if (!_chains.TryGetValue(policyHash, out var chain))
        {
            chain = Find(policyHash) is { } policy && PolicyChain.Resolve(policy, Find).TryGet(out var resolved) ? resolved : null;
            _chains.Add(policyHash, chain);
        }

        return chain;
    }
}
