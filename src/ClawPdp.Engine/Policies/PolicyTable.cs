using System.Collections.Frozen;

namespace ClawPdp.Engine.Policies;

/// <summary>Which policy is active for which audience. Immutable.</summary>
public sealed class PolicyTable
{
    private readonly FrozenDictionary<string, ActivePolicy> _byAudience;

    /// <summary>Initializes a new instance of the <see cref="PolicyTable"/> class.</summary>
    /// <param name="common">The one for every audience that has none of its own; <see langword="null"/> for none.</param>
    /// <param name="byAudience">Those of single audiences.</param>
    public PolicyTable(ActivePolicy? common, IReadOnlyDictionary<string, ActivePolicy> byAudience)
    {
        Common = common;
        _byAudience = byAudience.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Gets the table without a policy.</summary>
    public static PolicyTable Empty { get; } = new(null, FrozenDictionary<string, ActivePolicy>.Empty);

    /// <summary>Gets the policy for every audience that has none of its own; <see langword="null"/> for none.</summary>
    public ActivePolicy? Common { get; }

    /// <summary>Gets the policies of single audiences.</summary>
    public IReadOnlyDictionary<string, ActivePolicy> ByAudience => _byAudience;

    /// <summary>Gives the policy of an audience; <see langword="null"/> for none.</summary>
    public ActivePolicy? For(string audience) => _byAudience.Count > 0 && _byAudience.TryGetValue(audience, out var own) ? own : Common;

    /// <summary>Gives the table with another policy for all audiences without their own.</summary>
    public PolicyTable WithCommon(ActivePolicy? policy) => new(policy, _byAudience);

    /// <summary>Gives the table with another policy for an audience.</summary>
    /// <param name="audience">The audience; empty stands for all without their own.</param>
    /// <param name="policy">The policy; <see langword="null"/> takes the audience's own away.</param>
    public PolicyTable With(string audience, ActivePolicy? policy)
    {
        if (audience.Length == 0)
        {
            return WithCommon(policy);
        }

        var changed = new Dictionary<string, ActivePolicy>(_byAudience, StringComparer.Ordinal);
        _ = changed.Remove(audience);
        if (policy is not null)
        {
            changed.Add(audience, policy);
        }

        return new PolicyTable(Common, changed);
    }
}
