using System.Collections.Immutable;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>The cases of the reference evaluator, and where we answer otherwise on purpose.</summary>
public sealed class ReferenceCaseTests
{
    private const string Heading = "## Departures from the reference";

    // Case, our answer, and the word by which docs/policy.md gives the reason.
    private static readonly ImmutableArray<(string Name, string Answer, string Reason)> Departures =
    [
        ("double star slash swallowed also matches prefix glued", "DENY", "whole segments"),
        ("QUIRK StringNotEquals missing key -> TRUE", "DENY", "unresolvable"),
        ("QUIRK Deny with unresolvable key does not fire", "DENY", "unresolvable"),
        ("unknown operator with empty map -> true", "DENY", "refused at load"),
        ("NumericEquals parseFloat prefix", "DENY", "unresolvable"),
        ("Numeric Infinity", "DENY", "unresolvable"),
        ("IpAddress octet parseInt lenient", "DENY", "unresolvable"),
        ("QUIRK grandparent not consulted", "DENY", "whole chain"),
        ("v1 provider OR model (QUIRK)", "DENY []", "both lists"),
        ("v1 empty egress allows egress", "ALLOW []", "no statements"),
        ("v1 tools always allowed", "ALLOW []", "no statements"),
        ("prototype key constructor resolves to a function: StringEquals false", "DENY", "unresolvable"),
    ];

    public static TheoryData<string> Names => [.. ReferenceCase.All.Select(static item => item.Name)];

    [Fact]
    public void Names_AreTwentyEightAndDiffer() => Assert.Equal(28, ReferenceCase.All.Select(static item => item.Name).Distinct(StringComparer.Ordinal).Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void Judge_ReferenceCase_AnswersAsTheReferenceButForTheDepartures(string name)
    {
        var reference = ReferenceCase.All.Single(item => item.Name == name);
        var departure = Departures.FirstOrDefault(item => item.Name == name);

        Assert.Equal(departure.Answer ?? reference.Expected, reference.Judge());
    }

    [Fact]
    public void Departures_EachDiffersFromTheReferenceAndNoneTurnsDenyIntoAllow()
    {
        foreach (var (name, answer, _) in Departures)
        {
            var expected = ReferenceCase.All.Single(item => item.Name == name).Expected;

            Assert.NotEqual(expected, answer);
            Assert.StartsWith("ALLOW", expected, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Documentation_Departures_HasOneRowEachWithBothAnswersAndTheReason()
    {
        var lines = File.ReadAllLines(Path.Combine(TestData.Root, "docs", "policy.md"));
        var rows = lines.SkipWhile(static line => line != Heading).Skip(1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).Select(static line => line[..(line.IndexOf("**: ", StringComparison.Ordinal) + 2)]);

        Assert.Equal(
            Departures.Select(static item => $"| `{item.Name}` | `{ReferenceCase.All.Single(found => found.Name == item.Name).Expected}` | `{item.Answer}` | **{item.Reason}**"),
            rows);
    }
}
