using System.Collections.Immutable;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Looks a policy over for what its author can hardly have meant.</summary>
public static class PolicyLint
{
    private static readonly ImmutableArray<ILintRule> Rules =
    [
        new IncompleteRule(),
        new UnreachableRule(),
        new ContradictionRule(),
        new PatternNeverMatchesRule(),
        new ShadowedAllowRule(),
        new RedundantRule(),
        new SwallowingWildcardRule(),
        new StatedContextRule(),
        new AddressRule(),
        new UnresolvableRule(),
    ];

    /// <summary>Looks a policy over.</summary>
    /// <param name="chain">The policy, with what it inherits, which is not looked over itself.</param>
    /// <param name="mappings">The scope mapping that is used with it; <see langword="null"/> for none.</param>
    /// <returns>The findings, in the order of the policy's statements; what is about the whole comes first, and the mapping last.</returns>
    public static ImmutableArray<LintFinding> Check(PolicyChain chain, ScopeMappings? mappings = null)
    {
        var subject = new LintSubject(chain);
        var findings = Rules.SelectMany(rule => rule.Check(subject)).OrderBy(finding => PlaceOf(subject, finding)).ThenByDescending(static finding => finding.Severity);
        return [.. findings, .. mappings is null ? [] : MappingLint.Check(chain, mappings)];
    }

    private static int PlaceOf(LintSubject subject, LintFinding finding) =>
        finding.Sid is null ? -1 : subject.Statements.Index().First(statement => string.Equals(statement.Item.Sid, finding.Sid, StringComparison.Ordinal)).Index;
}
