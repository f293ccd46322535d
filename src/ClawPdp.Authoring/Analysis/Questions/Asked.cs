using System.Collections.Immutable;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>The names that a question asks for. A dimension without an entry was not decided; one with <see langword="null"/> is not asked.</summary>
/// <param name="Names">The names by dimension.</param>
internal sealed record Asked(ImmutableDictionary<PolicyAction, string?> Names)
{
    /// <summary>Gets the dimensions that are asked, in the order of asking.</summary>
    public IEnumerable<PolicyAction> Actions => PolicyActions.Asked.Where(action => NameOf(action) is not null);

    /// <summary>Asks for one name.</summary>
    public static Asked One(PolicyAction action, string name) => new(ImmutableDictionary<PolicyAction, string?>.Empty.Add(action, name));

    /// <summary>Gives the name of a dimension; <see langword="null"/> when it is not asked.</summary>
    public string? NameOf(PolicyAction action) => Names.GetValueOrDefault(action);

    /// <summary>Tells whether it was decided what of a dimension is asked.</summary>
    public bool IsDecided(PolicyAction action) => action == PolicyAction.Unspecified || Names.ContainsKey(action);

    /// <summary>Decides a dimension.</summary>
    public Asked With(PolicyAction action, string? name) => new(Names.Add(action, name));
}
