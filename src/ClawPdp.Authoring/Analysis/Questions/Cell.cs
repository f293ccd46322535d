using System.Collections.Immutable;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>One question that stands for all that policies cannot tell from it.</summary>
internal sealed class Cell
{
    /// <summary>Makes it.</summary>
    /// <param name="action">The dimension that it was made for.</param>
    /// <param name="asked">The names it asks for.</param>
    /// <param name="facts">The values of the keys that matter here, by key; <see langword="null"/> for a key that matters and has none.</param>
    public Cell(PolicyAction action, Asked asked, ImmutableSortedDictionary<string, string?> facts)
    {
        Action = action;
        Asked = asked;
        Facts = facts;
        Question = QuestionMaker.Make(asked, facts);
    }

    /// <summary>Gets the dimension that it was made for.</summary>
    public PolicyAction Action { get; }

    /// <summary>Gets the names it asks for.</summary>
    public Asked Asked { get; }

    /// <summary>Gets the values of the keys that matter.</summary>
    public ImmutableSortedDictionary<string, string?> Facts { get; }

    /// <summary>Gets the question itself.</summary>
    public PolicyQuestion Question { get; }

    /// <summary>Gives the same question with another value of a key.</summary>
    public Cell With(string key, string? value) => new(Action, Asked, Facts.SetItem(key, value));
}
