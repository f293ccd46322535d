using System.Collections.Immutable;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>What a scope mapping grants: patterns that names are to be told apart by beside those of the policies.</summary>
/// <param name="Tools">The patterns for tools.</param>
/// <param name="Models">The patterns for models.</param>
/// <param name="Hosts">The patterns for hosts.</param>
internal sealed record ExtraNames(ImmutableArray<ToolPattern> Tools, ImmutableArray<ModelPattern> Models, ImmutableArray<HostPattern> Hosts)
{
    /// <summary>Gets nothing.</summary>
    public static ExtraNames None { get; } = new([], [], []);
}
