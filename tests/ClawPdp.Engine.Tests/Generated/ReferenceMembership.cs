using System.Net;
using ClawPdp.Core.Grammar;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Listings;

namespace ClawPdp.Engine.Tests.Generated;

/// <summary>What a caller does with a list: the sentences of <c>AllowedList</c> in decision_service.proto, word by word.</summary>
internal static class ReferenceMembership
{
    // A name is allowed if it is one of `names`; or if it matches one of `patterns`, and for each of `limits` ...
    public static bool Contains(AllowedNames list, Dimension kind, string asked)
    {
        if (list.Names.Contains(asked, StringComparer.Ordinal))
        {
            return true;
        }

        return kind switch
        {
            Dimension.Tool => ToolName.TryParse(asked, out var tool)
                && (list.Names.Contains(tool.Value.Text) || (list.Patterns.Any(text => ToolPattern.Parse(text, allowWildcards: true).Value.Matches(tool.Value)) && Passes(list, tool.Value.Text, null))),
            Dimension.Model => ModelName.TryParse(asked, out var model)
                && (list.Names.Contains(model.Value.Text) || (list.Patterns.Any(text => ModelPattern.Parse(text, allowWildcards: true).Value.Matches(model.Value)) && Passes(list, model.Value.Text, null))),
            Dimension.Host => HostName.TryParse(asked, out var host)
                && (list.Names.Contains(host.Value.ToString()) || (list.Patterns.Any(text => HostPattern.Parse(text, allowWildcards: true).Value.Matches(host.Value)) && Passes(list, host.Value.Name, host))),
            _ => false,
        };
    }

    // ... at least one of `allow` and none of `deny`.
    private static bool Passes(AllowedNames list, string name, HostName? host) => list.Limits.All(limit =>
        limit.Allow.Any(condition => Matches(condition, name, host)) && !limit.Deny.Any(condition => Matches(condition, name, host)));

    // Those that match one of `any_of`, all of `all_of` and none of `none_of`.
    private static bool Matches(NameCondition condition, string name, HostName? host) =>
        condition.AnyOf.Any(pattern => Matches(pattern, name, host))
        && condition.AllOf.All(pattern => Matches(pattern, name, host))
        && !condition.NoneOf.Any(pattern => Matches(pattern, name, host));

    private static bool Matches(NamePattern pattern, string name, HostName? host) => pattern.Kind switch
    {
        NamePatternKind.Glob => SegmentGlob.Parse(pattern.Text).Matches(name),
        NamePatternKind.Exact => string.Equals(pattern.Text, name, StringComparison.Ordinal),
        NamePatternKind.ModelV1 => StarGlob.Matches(pattern.Text, name, ignoreCase: true),
        NamePatternKind.Host => host is not null && HostPattern.Parse(pattern.Text, allowWildcards: true).Value.Matches(host.Value),
        NamePatternKind.Network => IPAddress.TryParse(name.Trim('[', ']'), out var address) ? Contains(pattern.Text, address) : pattern.MatchesWithoutValue,
        NamePatternKind.Ports => host?.Port is { } port ? port >= pattern.FirstPort && port <= pattern.LastPort : pattern.MatchesWithoutValue,
        _ => false,
    };

    private static bool Contains(string block, IPAddress address)
    {
        var text = block.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return text.Contains('/', StringComparison.Ordinal) ? IPNetwork.Parse(text).Contains(address) : IPAddress.Parse(text).Equals(address);
    }
}
