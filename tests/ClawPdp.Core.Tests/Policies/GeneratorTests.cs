using System.Globalization;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>What the generated cases are about, so that agreement on them means something.</summary>
public sealed class GeneratorTests
{
    private const int Count = 4_000;

    [Fact]
    public void Next_ManyCases_EveryInterestingOutcomeIsFrequent()
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var generator = new PolicyCaseGenerator(4);
        for (var number = 0; number < Count; number++)
        {
            foreach (var name in Describe(generator.Next()).Distinct(StringComparer.Ordinal))
            {
                seen[name] = seen.GetValueOrDefault(name) + 1;
            }
        }

        var report = string.Join('\n', seen.Select(static item => string.Create(CultureInfo.InvariantCulture, $"{item.Key}: {100.0 * item.Value / Count:0.0} %")));
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Assert.InRange(seen.GetValueOrDefault("allow"), Count * 25 / 100, Count * 75 / 100);
        Assert.Empty(Interesting().Where(name => seen.GetValueOrDefault(name) * 50 <= Count).Select(name => $"{name} is rare:\n{report}"));
    }

    private static IEnumerable<string> Interesting() =>
    [
        "allow", "allow by several", "allow in several dimensions", "allow by several links", "raw", "raw allow", "terminator matched", "deny decided by what cannot be evaluated",
        "allow kept back by what cannot be evaluated", "deny at a later link", "deny of a later dimension",
        "Denied", "NotAllowed", "ProviderNotAllowed", "ModelNotAllowed", "ModelIdentityTierTooLow", "EgressNotAllowed",
        .. Enum.GetValues<ConditionOperator>().Skip(1).SelectMany(static operation => Enum.GetValues<ConditionOutcome>().Select(outcome => $"{operation} {outcome}")),
    ];

    private static IEnumerable<string> Describe(PolicyCase item)
    {
        var verdict = item.Judge();
        if (item.IsRaw)
        {
            yield return "raw";
            if (verdict.StartsWith("ALLOW", StringComparison.Ordinal))
            {
                yield return "raw allow";
                yield return item.Line.Contains("\\n", StringComparison.Ordinal) || item.Line.Contains("\\u202", StringComparison.Ordinal) ? "terminator matched" : "raw allow";
            }
        }

        var links = new List<LinkTrace>();
        var outcome = item.Chain.Evaluate(item.Question, links);
        yield return item.IsRaw ? "raw" : outcome.IsAllowed ? "allow" : outcome.Failure.ToString();
        foreach (var name in DescribeOutcome(item, outcome).Concat(DescribeStatements(outcome, links)))
        {
            yield return name;
        }
    }

    private static IEnumerable<string> DescribeOutcome(PolicyCase item, PolicyOutcome outcome)
    {
        if (outcome.IsAllowed)
        {
            yield return item.Chain.StatementIdsOf(outcome).Length > 1 ? "allow by several" : "allow";
            yield return PolicyActions.Asked.Count(action => item.Question.ResourceOf(action) is not null) > 1 ? "allow in several dimensions" : "allow";
            yield return item.Chain.Links.Length > 1 ? "allow by several links" : "allow";
        }
        else
        {
            yield return outcome.Link > 0 ? "deny at a later link" : "deny";
            yield return outcome.Action != PolicyActions.Asked.First(action => item.Question.ResourceOf(action) is not null || action == PolicyActions.Asked[2]) ? "deny of a later dimension" : "deny";
        }
    }

    private static IEnumerable<string> DescribeStatements(PolicyOutcome outcome, List<LinkTrace> links)
    {
        foreach (var statement in links.SelectMany(static link => link.Statements))
        {
            var isReached = statement.ActionMatched && statement.MatchedResource is not null;
            var isUnresolvable = statement.Conditions.Any(static condition => condition.Outcome == ConditionOutcome.Unresolvable);
            foreach (var condition in isReached ? statement.Conditions : [])
            {
                yield return $"{condition.Condition.Operator} {condition.Outcome}";
            }

            if (outcome.Failure == PolicyFailure.Denied && statement.Matched && isUnresolvable)
            {
                yield return "deny decided by what cannot be evaluated";
            }

            if (isReached && isUnresolvable && !statement.Matched && statement.Statement.Effect == Effect.Allow)
            {
                yield return "allow kept back by what cannot be evaluated";
            }
        }
    }
}
