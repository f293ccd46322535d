using System.Collections.Immutable;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Decisions;

namespace ClawPdp.Authoring.Testing;

/// <summary>Counts how far cases reach the statements of policies, those of inherited ones included.</summary>
internal sealed class CoverageCount
{
    private readonly List<WorkPolicyContract> _policies = [];
    private readonly Dictionary<(string PolicyHash, string Sid), StatementReach> _reached = [];

    /// <summary>Adds a policy under test; one that is there already counts once.</summary>
    public void Add(PolicyChain chain)
    {
        foreach (var link in chain.Links.Where(link => _policies.TrueForAll(known => !string.Equals(known.PolicyHash, link.PolicyHash, StringComparison.Ordinal))))
        {
            _policies.Add(link);
        }
    }

    /// <summary>Adds what a case reached.</summary>
    public void Add(DecisionTrace trace)
    {
        foreach (var link in trace.Links)
        {
            foreach (var statement in link.Statements)
            {
                var reach = statement.Matched ? StatementReach.Matched : statement.ActionMatched ? StatementReach.Evaluated : StatementReach.Never;
                var key = (link.Policy.PolicyHash, statement.Statement.Sid);
                _reached[key] = reach > _reached.GetValueOrDefault(key) ? reach : _reached.GetValueOrDefault(key);
            }
        }
    }

    /// <summary>Gives the count for each policy, in the order of addition.</summary>
    public ImmutableArray<PolicyCoverage> Build() =>
    [
        .. _policies.Select(policy => new PolicyCoverage(
            policy.PolicyId,
            policy.PolicyHash,
            [.. policy.Statements.Select(statement => (statement.Sid, _reached.GetValueOrDefault((policy.PolicyHash, statement.Sid))))])),
    ];
}
