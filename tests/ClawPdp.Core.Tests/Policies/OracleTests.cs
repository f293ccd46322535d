using System.Security.Cryptography;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>Our judge against a second one, in another language and from the description alone, and both against what cases must hold.</summary>
public sealed class OracleTests
{
    private const int FixedCount = 5_000;
    private const int FreshCount = 12_000;

    // So few that their answers surely fit into a pipe: neither side ever waits for the other.
    private const int AheadMax = 16;

    [Fact]
    public async Task Judge_TwentyTwoThousandCases_TheSecondJudgeAgrees()
    {
        var python = Environment.GetEnvironmentVariable("SUITE_PYTHON");
        Assert.SkipUnless(python is not null && File.Exists(python), "SUITE_PYTHON names no Python; ./test.sh sets it");
        using var oracle = new OracleProcess(python);
        var fresh = RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"fresh seed: {fresh}");

        await CompareAsync(oracle, 1, FixedCount);
        await CompareAsync(oracle, 2, FixedCount);
        await CompareAsync(oracle, fresh, FreshCount);
    }

    [Theory]
    [InlineData("a Deny that cannot be evaluated is skipped")]
    [InlineData("`**/` swallows its slash")]
    public void Shrink_WrongSecondJudge_LeavesNothingThatCouldGo(string mistake)
    {
        Func<PolicyCase, string> wrong = mistake[0] == 'a' ? WrongOnDeny : WrongOnSegments;
        var generator = new PolicyCaseGenerator(3);
        var found = Enumerable.Range(0, 20_000).Select(_ => generator.Next()).First(item => item.Judge() != wrong(item));

        var shrunk = CaseShrinker.Shrink(found, item => item.Judge() != wrong(item));

        Assert.NotEqual(wrong(shrunk), shrunk.Judge());
        Assert.InRange(shrunk.Line.Length, 1, 420);
        Assert.True(shrunk.Line.Length < found.Line.Length, shrunk.Line);
        Assert.Single(shrunk.Chain.Links);
        Assert.InRange(shrunk.Chain.Policy.Statements.Length, 1, 2);
        Assert.Equal(shrunk.Judge(), PolicyCase.Judge(shrunk.Line));
        Assert.Contains(shrunk.Line, CaseShrinker.Print(shrunk, wrong(shrunk)), StringComparison.Ordinal);
    }

    private static async Task CompareAsync(OracleProcess oracle, int seed, int count)
    {
        var generator = new PolicyCaseGenerator(seed);
        var asked = new Queue<PolicyCase>();
        for (var number = 0; number < count || asked.Count > 0;)
        {
            if (number < count && asked.Count < AheadMax)
            {
                number++;
                asked.Enqueue(generator.Next());
                await oracle.SendAsync(asked.Last());
                continue;
            }

            var item = asked.Dequeue();
            var theirs = await oracle.ReceiveAsync();
            if (item.Judge() != theirs)
            {
                await DrainAsync(oracle, asked.Count);
                var shrunk = CaseShrinker.Shrink(item, smaller => oracle.JudgeAsync(smaller).GetAwaiter().GetResult() != smaller.Judge());
                Assert.Fail($"seed {seed}: ours is `{shrunk.Judge()}`\n\n{CaseShrinker.Print(shrunk, await oracle.JudgeAsync(shrunk))}");
            }
        }
    }

    private static async Task DrainAsync(OracleProcess oracle, int count)
    {
        for (; count > 0; count--)
        {
            _ = await oracle.ReceiveAsync();
        }
    }

    // As the reference has it: a Deny with a condition on a key that has no value never matches.
    private static string WrongOnDeny(PolicyCase item)
    {
        var answer = item.Judge();
        var outcome = item.Chain.Evaluate(item.Question);
        var isSkipped = !item.IsRaw && outcome.Failure == PolicyFailure.Denied && item.Chain.Links[outcome.Link].Statements
            .Where((_, place) => (outcome.StatementsOf(outcome.Link) & (1UL << place)) != 0)
            .All(statement => statement.Conditions.Any(condition => condition.Evaluate(item.Question) == ConditionOutcome.Unresolvable));
        return isSkipped ? "ALLOW [wrong]" : answer;
    }

    private static string WrongOnSegments(PolicyCase item)
    {
        var line = item.Line.Replace("**/", "**", StringComparison.Ordinal);
        return PolicyCase.TryRead(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(line), 1 << 20).Value, out _)?.Judge() ?? item.Judge();
    }
}
