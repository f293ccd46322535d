using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>Makes a case on which two judges disagree as small as it gets: leaves out and shortens whatever it can while they still do.</summary>
internal static class CaseShrinker
{
    /// <summary>Gives a case that disagrees, of which no single part can be left out.</summary>
    /// <param name="start">A case that disagrees.</param>
    /// <param name="disagrees">Tells of a well-formed case whether the judges disagree.</param>
    public static PolicyCase Shrink(PolicyCase start, Func<PolicyCase, bool> disagrees)
    {
        for (var smallest = start; ;)
        {
            var smaller = Smaller(smallest.Text).Select(static text => PolicyCase.TryRead(text, out _)).OfType<PolicyCase>().FirstOrDefault(disagrees);
            if (smaller is null)
            {
                return smallest;
            }

            smallest = smaller;
        }
    }

    /// <summary>Writes a test that fails as long as the case is judged otherwise than the second judge has it.</summary>
    public static string Print(PolicyCase found, string expected) => $$""""
            [Fact]
            public void Judge_CaseOfTheOracle_AgreesWithIt() => Assert.Equal(
                "{{expected}}",
                PolicyCase.Judge("""{{found.Line}}"""));
        """";

    // Big steps first: whole members and elements, then the same within what is left, and texts last.
    private static IEnumerable<JsonValue> Smaller(JsonValue value) => value.Kind switch
    {
        JsonKind.Object => Enumerable.Range(0, value.Members.Length).Select(place => JsonValue.ObjectOf(value.Members.RemoveAt(place)))
            .Concat(value.Members.SelectMany((member, place) => Smaller(member.Value).Select(inner => JsonValue.ObjectOf(value.Members.SetItem(place, member with { Value = inner }))))),
        JsonKind.Array => Enumerable.Range(0, value.Items.Length).Select(place => JsonValue.ArrayOf(value.Items.RemoveAt(place)))
            .Concat(value.Items.SelectMany((item, place) => Smaller(item).Select(inner => JsonValue.ArrayOf(value.Items.SetItem(place, inner))))),
        JsonKind.String => Shorter(value.Text).Select(static text => JsonValue.Of(text)),
        _ => [],
    };

    private static IEnumerable<string> Shorter(string text)
    {
        if (text.Length == 0)
        {
            yield break;
        }

        yield return "";
        foreach (var length in ImmutableArray.Create(text.Length / 2, text.Length / 4, 1).Where(length => length > 0).Distinct())
        {
            for (var start = 0; start + length <= text.Length; start += length)
            {
                var shorter = text.Remove(start, length);
                if (shorter.Length > 0 && !shorter.Any(char.IsSurrogate))
                {
                    yield return shorter;
                }
            }
        }
    }
}
