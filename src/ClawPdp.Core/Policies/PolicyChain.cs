using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Policies;

/// <summary>A policy with everything that it inherits from, ready to judge: each policy of the chain must allow. Never changes; safe for concurrent use.</summary>
public sealed class PolicyChain
{
    /// <summary>The most policies that make a chain.</summary>
    public const int LinkCountMax = 8;

    // A question decides by few of the sets that there could be; more than these are put together anew each time.
    private const int StatementIdsKeptMax = 256;

    private readonly ConcurrentDictionary<PolicyOutcome, ImmutableArray<string>> _statementIds = new();
    private int _statementIdsKept;

    private PolicyChain(ImmutableArray<WorkPolicyContract> links)
    {
        Links = links;
        var keys = links.SelectMany(static link => link.Statements).SelectMany(static statement => statement.Conditions).Select(static condition => condition.Key);
        foreach (var key in keys)
        {
            UsesTime |= key.IsOfTime;
            UsesApproval |= key.IsOfApproval;
        }

        StatedKeys = [.. links.SelectMany(static link => link.Statements).SelectMany(static statement => statement.Conditions)
            .Where(static condition => condition.Key.IsStated).Select(static condition => condition.Key.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Gets the policy itself, which stands at the end of the chain.</summary>
    public WorkPolicyContract Policy => Links[^1];

    /// <summary>Gets the policies in the order of judging: what is inherited from comes first.</summary>
    public ImmutableArray<WorkPolicyContract> Links { get; }

    /// <summary>Gets a value indicating whether the judgement can change by the clock alone, and then on the hour.</summary>
    public bool UsesTime { get; }

    /// <summary>Gets a value indicating whether a human's approval can change the judgement.</summary>
    public bool UsesApproval { get; }

    /// <summary>Gets the keys that the caller states and the policies look at, in ordinal order.</summary>
    public ImmutableArray<string> StatedKeys { get; }

    /// <summary>Follows a policy's <c>inherits</c> to the end of the chain.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="find">Gives a policy by its hash; <see langword="null"/> for one that is not at hand.</param>
    public static Result<PolicyChain> Resolve(WorkPolicyContract policy, Func<string, WorkPolicyContract?> find)
    {
        var links = new List<WorkPolicyContract> { policy };
        for (var last = policy; last.Inherits is { } parentHash; last = links[^1])
        {
            if (links.Any(link => string.Equals(link.PolicyHash, parentHash, StringComparison.Ordinal)))
            {
                return Refuse($"the policy `{last.PolicyHash}` inherits in a circle");
            }

            if (links.Count == LinkCountMax)
            {
                return Refuse($"more than {LinkCountMax} policies inherit from each other");
            }

            if (find(parentHash) is not { } parent || !string.Equals(parent.PolicyHash, parentHash, StringComparison.Ordinal))
            {
                return Refuse($"the policy `{parentHash}`, from which `{last.PolicyId}` inherits, is not at hand");
            }

            links.Add(parent);
        }

        links.Reverse();
        return Result.Valid(new PolicyChain([.. links]));
    }

    /// <summary>Judges a question: each dimension that is asked must be allowed by each policy. Allocates nothing without a trace.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="trace">Receives how the judgement came about, to the first policy that does not allow; <see langword="null"/> for the quick answer, which is the same.</param>
    public PolicyOutcome Evaluate(in PolicyQuestion question, ICollection<LinkTrace>? trace = null)
    {
        var statements = default(StatementSets);
        var isAsked = false;
        foreach (var action in PolicyActions.Asked)
        {
            if (question.ResourceOf(action) is not { } resource)
            {
                continue;
            }

            isAsked = true;
            for (var link = 0; link < Links.Length; link++)
            {
                var linkTrace = trace is null ? null : new LinkTrace(Links[link], action, resource);
                var outcome = Links[link].Judge(action, resource, question, linkTrace);
                if (linkTrace is not null)
                {
                    trace?.Add(linkTrace);
                }

                if (outcome.Failure != PolicyFailure.None)
                {
                    var denying = default(StatementSets);
                    denying[link] = outcome.Statements;
                    return new PolicyOutcome(outcome.Failure, action, link, denying);
                }

                statements[link] |= outcome.Statements;
            }
        }

        return isAsked ? new PolicyOutcome(PolicyFailure.None, PolicyAction.Unspecified, 0, statements) : default;
    }

    /// <summary>Gives the ids of the statements that decided, those of what is inherited from first.</summary>
    public ImmutableArray<string> StatementIdsOf(PolicyOutcome outcome)
    {
        if (_statementIds.TryGetValue(outcome, out var known))
        {
            return known;
        }

        var ids = ListStatementIds(outcome);

        // One too many by a race does no harm.
        if (Volatile.Read(ref _statementIdsKept) < StatementIdsKeptMax && _statementIds.TryAdd(outcome, ids))
        {
            Interlocked.Increment(ref _statementIdsKept);
        }

        return ids;
    }

    private ImmutableArray<string> ListStatementIds(PolicyOutcome outcome)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        for (var link = 0; link < Links.Length; link++)
        {
            for (var left = outcome.StatementsOf(link); left != 0; left &= left - 1)
            {
                ids.Add(Links[link].Statements[BitOperations.TrailingZeroCount(left)].Sid);
            }
        }

        return ids.DrainToImmutable();
    }

    /// <summary>Gives the next instant at which the clock alone can change the judgement; <see langword="null"/> for never.</summary>
    public DateTimeOffset? NextChangeAfter(DateTimeOffset now) =>
        UsesTime ? new DateTimeOffset(now.UtcDateTime.Ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero).AddHours(1) : null;

    private static Result<PolicyChain> Refuse(string message) => Result.Invalid<PolicyChain>("/inherits", message);
}
