using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>Changes one thing in a case.</summary>
internal static class CaseEdit
{
    /// <summary>Changes the members of the question.</summary>
    public static PolicyCase WithQuestion(PolicyCase item, Func<ImmutableArray<JsonMember>, ImmutableArray<JsonMember>> change) =>
        Read(Replace(item.Text, "question", question => JsonValue.ObjectOf(change(question.Members))));

    /// <summary>Changes the statements of one link; nothing when it has none, or keeps none.</summary>
    public static PolicyCase WithStatements(PolicyCase item, int link, Func<ImmutableArray<JsonValue>, IEnumerable<JsonValue>> change) => Read(Replace(
        item.Text,
        "policies",
        links => JsonValue.ArrayOf(links.Items.SetItem(link, Replace(links.Items[link], "statements", statements =>
        {
            var changed = JsonValue.ArrayOf([.. change(statements.Items)]);
            return changed.Items.IsEmpty ? statements : changed;
        })))));

    /// <summary>Changes a member where it is there.</summary>
    public static JsonValue Replace(JsonValue parent, string name, Func<JsonValue, JsonValue> change) =>
        JsonValue.ObjectOf([.. parent.Members.Select(member => string.Equals(member.Name, name, StringComparison.Ordinal) ? member with { Value = change(member.Value) } : member)]);

    public static T[] Shuffle<T>(IEnumerable<T> items, Random random)
    {
        var shuffled = items.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static PolicyCase Read(JsonValue text) => PolicyCase.TryRead(text, out var fault) ?? throw new InvalidOperationException(fault);
}
