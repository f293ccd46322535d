using System.Collections.Immutable;
using ClawPdp.Authoring.Analysis.Names;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Gathers what names of a dimension are held against, and finds every kind of name.</summary>
internal sealed class NameSpaceBuilder
{
    private readonly ImmutableArray<WorkPolicyContract> _policies;
    private readonly ExtraNames _extra;
    private readonly PolicyAction _action;
    private readonly string _key;
    private readonly Dictionary<string, NamePattern> _patterns = new(StringComparer.Ordinal);
    private readonly HashSet<IpNetwork> _networks = [];

    private NameSpaceBuilder(ImmutableArray<WorkPolicyContract> policies, PolicyAction action, ExtraNames extra)
    {
        _policies = policies;
        _action = action;
        _extra = extra;
        _key = Dimensions.KeyOf(action);
    }

    /// <summary>Finds the names of a dimension.</summary>
    public static NameSpace Build(ImmutableArray<WorkPolicyContract> policies, PolicyAction action, ExtraNames extra) =>
        new NameSpaceBuilder(policies, action, extra).Build();

    private NameSpace Build()
    {
        foreach (var statement in _policies.SelectMany(static policy => policy.Statements))
        {
            AddStatement(statement);
        }

        foreach (var policy in _policies.OfType<WpcV1>())
        {
            AddLists(policy);
        }

        AddExtra();
        if (_action == PolicyAction.NetworkEgress)
        {
            // Of a block that holds guarded addresses beside others, the two parts are not treated alike.
            _networks.UnionWith(GuardedHosts.Networks.Where(guarded => _networks.Any(network => network.Contains(guarded))).ToList());
            var (hosts, isComplete) = HostExplorer.Explore(_patterns.Values, _networks);
            return new NameSpace(_action, OnePerSignature(hosts), isComplete);
        }

        var grammar = _action == PolicyAction.ToolExecute ? PrintableGrammar.OfTools : PrintableGrammar.OfModels;
        var found = NameExplorer.Explore(_patterns.Values, grammar);
        return new NameSpace(_action, OnePerSignature(found.Classes.Select(static item => item.Witness)), found.IsComplete);
    }

    private void AddStatement(PolicyStatement statement)
    {
        if (statement.MatchedActions.Contains(_action))
        {
            foreach (var resource in statement.Resources)
            {
                Add(NamePattern.Of(resource));
            }
        }

        foreach (var condition in statement.Conditions.Where(condition => string.Equals(condition.Key.Name, _key, StringComparison.Ordinal)))
        {
            if (condition.Operator == ConditionOperator.IpAddress && IpNetwork.TryParseMasked(condition.Expected, out var network))
            {
                _networks.Add(network);
            }
            else
            {
                Add(condition.Pattern is { } pattern ? NamePattern.Of(pattern) : NamePattern.Of(condition.Expected));
            }
        }
    }

    private void AddLists(WpcV1 policy)
    {
        if (_action == PolicyAction.ModelInvoke)
        {
            foreach (var model in policy.Models)
            {
                Add(NamePattern.OfStars(model, ignoreCase: true));
            }
        }

        if (_action == PolicyAction.NetworkEgress)
        {
            foreach (var host in policy.Egress)
            {
                AddHost(host);
            }
        }
    }

    private void AddExtra()
    {
        var patterns = _action switch
        {
            PolicyAction.ToolExecute => _extra.Tools.Select(static tool => NamePattern.Of(tool)),
            PolicyAction.ModelInvoke => _extra.Models.Select(static model => NamePattern.OfStars(model.Text, ignoreCase: false)),
            _ => [],
        };
        foreach (var pattern in patterns)
        {
            Add(pattern);
        }

        if (_action == PolicyAction.NetworkEgress)
        {
            foreach (var host in _extra.Hosts)
            {
                AddHost(host);
            }
        }
    }

    private void AddHost(HostPattern host)
    {
        if (host.Network is { } network)
        {
            _networks.Add(network);
        }
        else if (NamePattern.Of(host) is { } pattern)
        {
            Add(pattern);
        }
    }

    private void Add(NamePattern pattern) => _patterns.TryAdd(pattern.Key, pattern);

    // Names that every policy treats alike are one kind, whichever of a statement's patterns they match.
    private ImmutableArray<string> OnePerSignature(IEnumerable<string> names)
    {
        var signature = new NameSignature(_policies, _action, _extra);
        return
        [
            .. names.OrderBy(static name => name.Length).ThenBy(static name => name, StringComparer.Ordinal)
                .DistinctBy(signature.Of, StringComparer.Ordinal),
        ];
    }
}
