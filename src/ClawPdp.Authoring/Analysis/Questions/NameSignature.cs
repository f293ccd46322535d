using System.Collections.Immutable;
using System.Text;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Writes down everything that policies can find out about a name: names with equal signatures are treated alike.</summary>
internal sealed class NameSignature
{
    private readonly PolicyAction _action;
    private readonly ExtraNames _extra;
    private readonly ImmutableArray<PolicyStatement> _statements;
    private readonly ImmutableArray<PolicyCondition> _conditions;
    private readonly ImmutableArray<WpcV1> _lists;

    public NameSignature(ImmutableArray<WorkPolicyContract> policies, PolicyAction action, ExtraNames extra)
    {
        var key = Dimensions.KeyOf(action);
        _action = action;
        _extra = extra;
        _statements = [.. policies.SelectMany(static policy => policy.Statements).Where(statement => statement.MatchedActions.Contains(action))];
        _conditions =
        [
            .. policies.SelectMany(static policy => policy.Statements).SelectMany(static statement => statement.Conditions)
                .Where(condition => string.Equals(condition.Key.Name, key, StringComparison.Ordinal)),
        ];
        _lists = [.. policies.OfType<WpcV1>()];
    }

    /// <summary>Gives the signature of a name.</summary>
    public string Of(string name)
    {
        var signature = new StringBuilder();
        foreach (var statement in _statements)
        {
            signature.Append(statement.NamesResource(_action, name) ? '1' : '0');
        }

        foreach (var condition in _conditions)
        {
            signature.Append((char)('0' + condition.Evaluate(name)));
        }

        foreach (var match in _action switch
        {
            PolicyAction.ModelInvoke => ModelMatches(name),
            PolicyAction.NetworkEgress => HostMatches(name),
            _ => ToolMatches(name),
        })
        {
            signature.Append(match ? '1' : '0');
        }

        return signature.ToString();
    }

    /// <summary>Tells whether a pattern matches a host whatever the port.</summary>
    public static bool MatchesName(HostPattern pattern, string name) =>
        HostName.TryParse(pattern.Port is { } port ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}:{port}") : name, out var host) && pattern.Matches(host.Value);

    private IEnumerable<bool> ToolMatches(string name) =>
        ToolName.TryParse(name, out var tool) ? _extra.Tools.Select(pattern => pattern.Matches(tool.Value)) : [];

    private IEnumerable<bool> ModelMatches(string name)
    {
        var listed = _lists.Select(policy => policy.Models.Any(model => StarGlob.Matches(model, name, ignoreCase: true)));
        return ModelName.TryParse(name, out var parsed) ? listed.Concat(_extra.Models.Select(pattern => pattern.Matches(parsed.Value))) : listed;
    }

    // Each entry for itself, as entries with different ports mean different things.
    private IEnumerable<bool> HostMatches(string name) =>
        _lists.SelectMany(static policy => policy.Egress).Concat(_extra.Hosts).Select(pattern => MatchesName(pattern, name));
}
