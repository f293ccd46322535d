using System.Collections.Immutable;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Policies;

/// <summary>The words for actions, and which of them a pattern means.</summary>
public static class PolicyActions
{
    /// <summary>Gets the actions that a question can be about, in the order of asking.</summary>
    public static ImmutableArray<PolicyAction> Asked { get; } = [PolicyAction.ToolExecute, PolicyAction.ModelInvoke, PolicyAction.NetworkEgress];

    private static readonly ImmutableArray<PolicyAction> All = [.. Enum.GetValues<PolicyAction>().Where(static action => action != PolicyAction.Unspecified)];

    /// <summary>Gives the word that stands in a policy.</summary>
    public static string NameOf(PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => "tool:execute",
        PolicyAction.ModelInvoke => "model:invoke",
        PolicyAction.NetworkEgress => "side_effect:network_egress",
        PolicyAction.FilesystemRead => "side_effect:filesystem_read",
        PolicyAction.FilesystemWrite => "side_effect:filesystem_write",
        PolicyAction.ExternalApiWrite => "side_effect:external_api_write",
        _ => "",
    };

    /// <summary>Gives the actions that a pattern matches; none for a misspelt one.</summary>
    public static ImmutableArray<PolicyAction> MatchedBy(SegmentGlob pattern) => [.. All.Where(action => pattern.Matches(NameOf(action)))];
}
