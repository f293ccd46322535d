using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Authoring.Analysis.Questions;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>The policy that is looked at, with what was found out about it once for all rules.</summary>
internal sealed class LintSubject
{
    public LintSubject(PolicyChain chain)
    {
        Chain = chain;
        Explorer = new CellExplorer(chain.Links, ExtraNames.None, looksAtApproval: true);
        Matches = MatchTable.Of(chain, PolicyActions.Asked.SelectMany(Explorer.CellsOf));
        Incomplete = [.. Explorer.Incomplete];
    }

    /// <summary>Gets the policy with what it inherits.</summary>
    public PolicyChain Chain { get; }

    /// <summary>Gets the statements of the policy itself.</summary>
    public ImmutableArray<PolicyStatement> Statements => Chain.Policy.Statements;

    /// <summary>Gets what names and values there are.</summary>
    public CellExplorer Explorer { get; }

    /// <summary>Gets which statements match together.</summary>
    public MatchTable Matches { get; }

    /// <summary>Gets what was not looked at to the end; nothing means that whatever holds for all questions really does.</summary>
    public ImmutableArray<string> Incomplete { get; }

    /// <summary>Gets a value indicating whether every kind of question was asked.</summary>
    public bool IsComplete => Incomplete.IsEmpty;

    /// <summary>Gives the pointer of a statement, or of something in it.</summary>
    public static string PointerOf(int place, params ReadOnlySpan<string> steps)
    {
        var pointer = string.Create(CultureInfo.InvariantCulture, $"/statements/{place}");
        foreach (var step in steps)
        {
            pointer = JsonPointer.Append(pointer, step);
        }

        return pointer;
    }

    /// <summary>Gives the pointer of a condition.</summary>
    public static string PointerOf(int place, PolicyCondition condition) => PointerOf(place, "conditions", condition.Operator.ToString(), condition.Key.Name);

    /// <summary>Makes a finding about a statement.</summary>
    public LintFinding Find(string code, LintSeverity severity, int place, string pointer, string message, string? hint = null) =>
        Find(code, severity, pointer, message, hint) with { Sid = Statements[place].Sid };

    /// <summary>Makes a finding about the policy.</summary>
    public LintFinding Find(string code, LintSeverity severity, string pointer, string message, string? hint = null) =>
        new(code, severity, pointer, message) { Line = LineOf(pointer), Hint = hint };

    /// <summary>Gives the dimensions of a statement that can be asked.</summary>
    public static IEnumerable<PolicyAction> AskedActionsOf(PolicyStatement statement) => PolicyActions.Asked.Where(action => statement.MatchedActions.Contains(action));

    private int? LineOf(string pointer)
    {
        var value = Chain.Policy.Payload;
        foreach (var step in pointer.Split('/').Skip(1).Select(static step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            var next = int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < value.Items.Length ? value.Items[index] : value.Find(step);
            if (next is null)
            {
                break;
            }

            value = next;
        }

        return value.Line > 0 ? value.Line : null;
    }
}
