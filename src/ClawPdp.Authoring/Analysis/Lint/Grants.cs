using System.Collections.Immutable;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Every pattern that a scope mapping grants to some group.</summary>
internal sealed class Grants
{
    private Grants(ImmutableArray<ToolPattern> tools, ImmutableArray<ModelPattern> models, ImmutableArray<HostPattern> hosts)
    {
        Tools = tools;
        Models = models;
        Hosts = hosts;
    }

    /// <summary>Gets the patterns for tools.</summary>
    public ImmutableArray<ToolPattern> Tools { get; }

    /// <summary>Gets the patterns for models.</summary>
    public ImmutableArray<ModelPattern> Models { get; }

    /// <summary>Gets the patterns for hosts.</summary>
    public ImmutableArray<HostPattern> Hosts { get; }

    /// <summary>Gathers them.</summary>
    public static Grants Of(IEnumerable<ScopeMapping> mappings)
    {
        var items = mappings.SelectMany(static mapping => mapping.ScopeItems).Distinct(StringComparer.Ordinal).ToList();
        return new Grants(
            [.. Below(items, GrantedScope.ToolPrefix).Select(static text => ToolPattern.Parse(text, allowWildcards: true).Value)],
            [.. Below(items, GrantedScope.ModelPrefix).Select(static text => ModelPattern.Parse(text, allowWildcards: true).Value)],
            [.. Below(items, GrantedScope.EgressPrefix).Select(static text => HostPattern.Parse(text, allowWildcards: true).Value)]);
    }

    /// <summary>Gives the items of scopes that grant what a question asks for in one dimension.</summary>
    public IEnumerable<string> ItemsOf(PolicyAction action, PolicyQuestion question) => action switch
    {
        PolicyAction.ToolExecute when question.Tool is { } tool => Tools.Where(pattern => pattern.Matches(tool)).Select(static pattern => GrantedScope.ToolPrefix + pattern.Text),
        PolicyAction.ModelInvoke when question.Model is { } model => Models.Where(pattern => pattern.Matches(model)).Select(static pattern => GrantedScope.ModelPrefix + pattern.Text),
        PolicyAction.NetworkEgress when question.Host is { } host => Hosts.Where(pattern => pattern.Matches(host)).Select(static pattern => GrantedScope.EgressPrefix + pattern.Text),
        _ => [],
    };

    private static IEnumerable<string> Below(IEnumerable<string> items, string prefix) =>
        items.Where(item => item.StartsWith(prefix, StringComparison.Ordinal)).Select(item => item[prefix.Length..]);
}
