using System.Collections.Immutable;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Policies;
using ClawPdp.Server.Reload;

namespace ClawPdp.Server.Policies;

/// <summary>Which policy is active for which audience. Read by anyone, changed by one at a time.</summary>
internal sealed class PolicyActivations : IReloadable
{
    private readonly PolicyLibrary _library;
    private readonly EngineStateStore _states;
    private readonly RevocationView _revocations;
    private ImmutableSortedDictionary<string, ActivationRecord> _active = ImmutableSortedDictionary.Create<string, ActivationRecord>(StringComparer.Ordinal);

    private PolicyActivations(PolicyLibrary library, EngineStateStore states, RevocationView revocations)
    {
        _library = library;
        _states = states;
        _revocations = revocations;
    }

    /// <inheritdoc/>
    public string Name => "active policy";

    /// <inheritdoc/>
    public string? Fault
    {
        get
        {
            var policies = _states.Current.Policies;
            var withdrawn = policies.ByAudience.Select(static item => (Audience: item.Key, item.Value.Current)).ToList();
            if (policies.Common is { } common)
            {
                withdrawn.Insert(0, ("", common.Current));
            }

            return withdrawn.Where(item => item.Current.IsWithdrawn(_revocations))
                .Select(static item => $"the policy `{item.Current.PolicyHash}`{(item.Audience.Length > 0 ? $" of the audience `{item.Audience}`" : "")}, or a key that signed it, is revoked: nothing is allowed by it")
                .FirstOrDefault();
        }
    }

    /// <summary>Gets the audiences that have a policy of their own.</summary>
    public IEnumerable<string> OwnAudiences => Active.Keys.Where(static audience => audience.Length > 0);

    /// <summary>Gets the last activation of each audience; that of the empty name is for those that have none of their own.</summary>
    public ImmutableSortedDictionary<string, ActivationRecord> Active => Volatile.Read(ref _active);

    /// <summary>Puts what is on disk in force.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read, or lacks a policy that is active.</exception>
    public static PolicyActivations Open(
        LedgerStore ledger,
        PolicyLibrary library,
        EngineStateStore states,
        RevocationView revocations,
        ImmutableArray<string> audiences,
        DateTimeOffset now)
    {
        var activations = new PolicyActivations(library, states, revocations);

        // Nobody asks for an audience that is not decided for any more; an overlap that is over needs no policy.
        foreach (var record in ledger.Policies.ReadActive().Where(record => record.Audience.Length == 0 || audiences.Contains(record.Audience, StringComparer.Ordinal)))
        {
            activations.Take(record.OverlapUntil <= now ? record with { OverlapUntil = null } : record);
        }

        return activations;
    }

    /// <summary>Gives the activation that counts for an audience; <see langword="null"/> for none.</summary>
    public ActivationRecord? For(string audience)
    {
        var active = Active;
        return active.GetValueOrDefault(audience) ?? active.GetValueOrDefault("");
    }

    /// <summary>Tells whether a policy is active for at least one audience.</summary>
    public bool IsActive(string policyHash) => Active.Values.Any(record => string.Equals(record.PolicyHash, policyHash, StringComparison.Ordinal));

    /// <summary>Puts an activation that is on disk in force: the next question is answered by it.</summary>
    /// <returns>The epoch after it.</returns>
    /// <exception cref="LedgerException">The policy is not held, which cannot be after it was checked.</exception>
    public long Take(ActivationRecord record)
    {
        var policy = PolicyOf(record);
        Volatile.Write(ref _active, Active.SetItem(record.Audience, record));
        return _states.Publish(state => state with { Policies = state.Policies.With(record.Audience, policy) }).Epoch;
    }

    /// <summary>Takes up that a policy is signed by another key now.</summary>
    public void Refresh()
    {
        var policies = Active.Values.Select(record => (record.Audience, Policy: PolicyOf(record))).ToList();
        _states.Publish(state => state with
        {
            Policies = policies.Aggregate(state.Policies, static (table, item) => table.With(item.Audience, item.Policy)),
        });
    }

    /// <inheritdoc/>
    public Task ReloadAsync() => Task.CompletedTask;

    private ActivePolicy PolicyOf(ActivationRecord record)
    {
        var isOverlap = record is { OverlapUntil: not null, PreviousPolicyHash: not null };
        return new ActivePolicy
        {
            Current = Require(record.PolicyHash),
            Previous = isOverlap ? Require(record.PreviousPolicyHash ?? "") : null,
            PreviousUntil = isOverlap ? record.OverlapUntil ?? default : default,
        };
    }

    private SignedChain Require(string policyHash) =>
        _library.Resolve(policyHash) is { IsValid: true } resolved
            ? resolved.Value
            : throw new LedgerException(LedgerFault.Corrupt, $"the active policy `{policyHash}` is not whole in the ledger");
}
