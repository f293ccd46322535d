using System.Collections.Immutable;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Every kind of name of one dimension that the policies at hand tell from others.</summary>
internal sealed class NameSpace
{
    public NameSpace(PolicyAction action, ImmutableArray<string> names, bool isComplete)
    {
        Action = action;
        Names = names;
        IsComplete = isComplete;
    }

    /// <summary>Gets the dimension.</summary>
    public PolicyAction Action { get; }

    /// <summary>Gets a name of every kind, the shortest first.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Gets a value indicating whether there are no other kinds for certain.</summary>
    public bool IsComplete { get; }
}
