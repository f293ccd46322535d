using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds blocks of addresses that are held against hosts that most callers give by name, and blocks that are not what they seem.</summary>
internal sealed class AddressRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        foreach (var (place, statement) in subject.Statements.Index())
        {
            foreach (var condition in statement.Conditions.Where(static condition => condition.Operator == ConditionOperator.IpAddress))
            {
                var pointer = LintSubject.PointerOf(place, condition);
                if (condition.Key.Kind == ContextValueKind.Host)
                {
                    yield return statement.Effect == Effect.Deny
                        ? subject.Find(LintCodes.AddressOnNames, LintSeverity.Warning, place, pointer, "the Deny matches every host that is given by name, as nobody looks its address up", "if names are to be allowed, allow addresses by block instead")
                        : subject.Find(LintCodes.AddressOnNames, LintSeverity.Note, place, pointer, "the Allow never matches a host that is given by name", "add an Allow for the names");
                }

                if (condition.Expected.Contains('/', StringComparison.Ordinal) && !IpNetwork.TryParse(condition.Expected, out _) && IpNetwork.TryParseMasked(condition.Expected, out var network))
                {
                    yield return subject.Find(LintCodes.HostBitsIgnored, LintSeverity.Warning, place, pointer, $"`{condition.Expected}` means `{network}`: the bits beyond the prefix are ignored", $"write `{network}`, or the address alone");
                }
            }
        }
    }
}
