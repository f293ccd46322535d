using System.Runtime.CompilerServices;

namespace ClawPdp.Core.Policies;

/// <summary>A set of statements for each link of a chain.</summary>
[InlineArray(PolicyChain.LinkCountMax)]
internal struct StatementSets
{
    private ulong _first;
}
