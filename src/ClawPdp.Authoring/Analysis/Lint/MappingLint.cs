using System.Collections.Immutable;
using ClawPdp.Authoring.Analysis.Questions;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>
/// Finds what a scope mapping grants and a policy never allows, whatever the context and with a human's approval: a token with it is good for
/// nothing.
/// </summary>
internal static class MappingLint
{
    /// <summary>Compares a mapping with a policy.</summary>
    public static ImmutableArray<LintFinding> Check(PolicyChain chain, ScopeMappings mappings)
    {
        var findings = ImmutableArray.CreateBuilder<LintFinding>();
        var grants = Grants.Of(mappings.Mappings);
        var explorer = new CellExplorer(chain.Links, new ExtraNames(grants.Tools, grants.Models, grants.Hosts), looksAtApproval: true);
        var allowed = PolicyActions.Asked.SelectMany(explorer.CellsOf).Where(cell => chain.Evaluate(cell.Question).IsAllowed)
            .Aggregate(new HashSet<string>(StringComparer.Ordinal), (items, cell) => Add(items, cell, grants));
        ImmutableArray<string> incomplete = [.. explorer.Incomplete];
        findings.AddRange(incomplete.Select(static what => Finding(LintCodes.Incomplete, LintSeverity.Warning, -1, $"INCOMPLETE: {what}", "grants of which nothing is allowed may be among those not reported")));
        foreach (var (place, mapping) in mappings.Mappings.Index())
        {
            if (mapping.Pin is { } pin && !string.Equals(pin.PolicyHash, chain.Policy.PolicyHash, StringComparison.Ordinal))
            {
                findings.Add(Finding(LintCodes.MappingPinsOther, LintSeverity.Warning, place, $"the group `{mapping.Group}` is pinned to another policy: `{pin.PolicyHash}`", $"the hash of this policy is {chain.Policy.PolicyHash}"));
            }
            else if (incomplete.IsEmpty)
            {
                findings.AddRange(CheckGroup(place, mapping, allowed));
            }
        }

        return findings.ToImmutable();
    }

    private static IEnumerable<LintFinding> CheckGroup(int place, ScopeMapping mapping, HashSet<string> allowed)
    {
        var items = mapping.ScopeItems.Where(GrantedScope.IsOurs).ToList();
        var never = items.Where(item => !allowed.Contains(item)).ToList();
        if (items.Count > 0 && never.Count == items.Count)
        {
            return [Finding(LintCodes.MappingNeverAllowed, LintSeverity.Error, place, $"the policy allows nothing of what the group `{mapping.Group}` is granted: {Listed(never)}", "its members get tokens that are good for nothing")];
        }

        return never.Select(item => Finding(LintCodes.MappingNeverAllowed, LintSeverity.Warning, place, $"the policy allows nothing of `{item}`, which the group `{mapping.Group}` is granted", "allow some of it in the policy, or take it from the group"));
    }

    private static string Listed(IEnumerable<string> items) => string.Join(", ", items.Select(static item => $"`{item}`"));

    private static HashSet<string> Add(HashSet<string> items, Cell cell, Grants grants)
    {
        items.UnionWith(grants.ItemsOf(cell.Action, cell.Question));
        return items;
    }

    private static LintFinding Finding(string code, LintSeverity severity, int place, string message, string hint) =>
        new(code, severity, place < 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/scope_mappings/{place}"), message) { Hint = hint, IsOfMapping = true };
}
