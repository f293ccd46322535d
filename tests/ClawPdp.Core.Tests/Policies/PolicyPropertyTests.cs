using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using CsCheck;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>What holds of every chain and every question.</summary>
public sealed class PolicyPropertyTests
{
    private const int Iterations = 2_000;

    private static readonly Gen<(int Seed, Random Random)> Seeds = Gen.Int[0, int.MaxValue - 1].Select(static seed => (seed, new Random(seed)));

    [Fact]
    public void Judge_OneMoreDeny_NeverAllows() => Seeds.Sample(
        static input =>
        {
            var before = new PolicyCaseGenerator(input.Seed).Next();
            var deny = new PolicyCaseGenerator(input.Seed + 1).Next().Text.Find("policies")?.Items
                .SelectMany(static link => link.Find("statements")?.Items ?? []).FirstOrDefault(static statement => statement.FindText("effect") is "Deny");
            return deny is null || !IsMoreAllowed(before, CaseEdit.WithStatements(before, AnyLink(before, input.Random), statements =>
                statements.Insert(input.Random.Next(statements.Length + 1), CaseEdit.Replace(deny, "sid", static _ => JsonValue.Of("new")))));
        },
        iter: Iterations);

    [Fact]
    public void Judge_OneAllowLess_NeverAllows() => Seeds.Sample(
        static input =>
        {
            var before = new PolicyCaseGenerator(input.Seed).Next();
            return !IsMoreAllowed(before, CaseEdit.WithStatements(before, AnyLink(before, input.Random), statements =>
            {
                var allow = CaseEdit.Shuffle(statements.Where(static statement => statement.FindText("effect") is "Allow"), input.Random)[0];
                return statements.Where(statement => statement != allow);
            }));
        },
        iter: Iterations);

    [Fact]
    public void Judge_OneMoreLink_NeverAllows() => Seeds.Sample(
        static input =>
        {
            var before = new PolicyCaseGenerator(input.Seed).Next();
            if (before.Chain.Links.Length < 2)
            {
                return true;
            }

            // Looked at from the end: a chain of one link less.
            var fewer = CaseEdit.Replace(before.Text, "policies", static links => JsonValue.ArrayOf(links.Items[..^1]));
            return PolicyCase.TryRead(fewer, out var fault) is { } item ? !IsMoreAllowed(item, before) : throw new InvalidOperationException(fault);
        },
        iter: Iterations);

    [Fact]
    public void Judge_StatementsInAnotherOrderAndTwice_GivesTheSame() => Seeds.Sample(
        static input =>
        {
            var before = new PolicyCaseGenerator(input.Seed).Next();
            var link = AnyLink(before, input.Random);
            var shuffled = CaseEdit.WithStatements(before, link, statements => CaseEdit.Shuffle(statements, input.Random));
            var doubled = CaseEdit.WithStatements(before, link, statements =>
                CaseEdit.Shuffle(statements.Concat(statements.Select(static statement => CaseEdit.Replace(statement, "sid", static sid => JsonValue.Of(sid.Text + "again")))), input.Random));
            return Sorted(before.Judge()) == Sorted(shuffled.Judge()) && Sorted(before.Judge()) == Sorted(doubled.Judge().Replace("again", "", StringComparison.Ordinal));
        },
        iter: Iterations);

    [Fact]
    public void Judge_PatternsAndConditionsInAnotherOrderAndTwice_GivesTheSame() => Seeds.Sample(
        static input =>
        {
            var before = new PolicyCaseGenerator(input.Seed).Next();
            JsonValue Again(JsonValue patterns) => JsonValue.ArrayOf([.. CaseEdit.Shuffle(patterns.Items.Concat(patterns.Items), input.Random)]);
            JsonValue Mix(JsonValue members) => JsonValue.ObjectOf([.. CaseEdit.Shuffle(members.Members, input.Random)]);
            JsonValue MixDeep(JsonValue conditions) => Mix(JsonValue.ObjectOf([.. conditions.Members.Select(member => member with { Value = Mix(member.Value) })]));
            var after = CaseEdit.WithStatements(before, AnyLink(before, input.Random), statements => statements.Select(statement =>
                CaseEdit.Replace(CaseEdit.Replace(CaseEdit.Replace(statement, "actions", Again), "resources", Again), "conditions", MixDeep)));
            return before.Judge() == after.Judge();
        },
        iter: Iterations);

    // Whatever is known less can only keep an Allow from matching, and never a Deny.
    [Fact]
    public void Judge_AValueLess_NeverAllows() => Seeds.Sample(
        static input =>
        {
            var before = new PolicyCaseGenerator(input.Seed).Next();
            var key = CaseEdit.Shuffle(["agent", "provider", .. before.Question.Stated?.Keys ?? []], input.Random)[0];
            var after = CaseEdit.WithQuestion(before, members =>
                [.. members.Where(member => member.Name != key).Select(member => member.Name is "stated" ? member with { Value = JsonValue.ObjectOf(member.Value.Members.RemoveAll(stated => stated.Name == key)) } : member)]);
            return !IsMoreAllowed(before, after);
        },
        iter: Iterations);

    // Not so for the operators on strings, to which every text is a value like another.
    [Fact]
    public void Judge_GarbageForANumberFlagOrAddress_NeverAllows() => Seeds.Sample(
        static input =>
        {
            var key = ((string[])["Caller:number", "Caller:flag", "Caller:address"])[input.Random.Next(3)];
            var before = WithoutStrings(new PolicyCaseGenerator(input.Seed).Next(), key);
            var garbage = ((string[])["", "x", "12abc", "1.2.3", "\0", "true\n", "10.0.0.1 ", "NaN"])[input.Random.Next(8)];
            var after = CaseEdit.WithQuestion(before, members =>
                [.. members.Select(member => member.Name is "stated" ? member with { Value = CaseEdit.Replace(member.Value, key, _ => JsonValue.Of(garbage)) } : member)]);
            return !IsMoreAllowed(before, after);
        },
        iter: Iterations);

    [Fact]
    public void Evaluate_AnyStatedTexts_NeverThrowsAndTheTraceSaysTheSame() => Gen.Select(Seeds, Gen.String.Array[ConditionGenerator.StatedKeys.Length]).Sample(
        static input =>
        {
            var item = new PolicyCaseGenerator(input.Item1.Seed).Next();
            var question = item.Question with { Stated = ConditionGenerator.StatedKeys.Index().ToDictionary(static key => key.Item, key => input.Item2[key.Index]) };
            var links = new List<LinkTrace>();
            var outcome = item.Chain.Evaluate(question, links);
            return outcome == item.Chain.Evaluate(question)
                && links.TakeWhile(static link => link.Failure == PolicyFailure.None).Count() == links.Count - (outcome.Failure is PolicyFailure.None or PolicyFailure.NotJudged ? 0 : 1)
                && links.SelectMany(static link => link.Statements).All(static statement => statement.Conditions.Count == statement.Statement.Conditions.Length);
        },
        iter: Iterations);

    [Fact]
    public void UsesTime_ClockMovesWithinTheHour_NothingChanges() => Seeds.Sample(
        static input =>
        {
            var item = new PolicyCaseGenerator(input.Seed).Next();
            var before = item.Chain.Evaluate(item.Question);
            if (item.Chain.NextChangeAfter(item.Question.At) is not { } next)
            {
                return !item.Chain.UsesTime && before == item.Chain.Evaluate(item.Question with { At = item.Question.At.AddHours(input.Random.Next(200)) });
            }

            return item.Chain.UsesTime
                && next - item.Question.At is { Ticks: > 0 and <= TimeSpan.TicksPerHour }
                && next.UtcTicks % TimeSpan.TicksPerHour == 0
                && before == item.Chain.Evaluate(item.Question with { At = next.AddTicks(-1) });
        },
        iter: Iterations);

    [Fact]
    public void UsesApprovalAndStatedKeys_WhatTheyDoNotName_ChangesNothing() => Seeds.Sample(
        static input =>
        {
            var item = new PolicyCaseGenerator(input.Seed).Next();
            var named = item.Chain.StatedKeys.ToDictionary(static key => key, key => item.Question.Stated?.GetValueOrDefault(key));
            var question = item.Question with
            {
                HasHumanApproval = item.Question.HasHumanApproval ^ !item.Chain.UsesApproval,
                Stated = named.Where(static pair => pair.Value is not null).ToDictionary(static pair => pair.Key, static pair => pair.Value ?? ""),
            };
            var used = item.Line.Contains("\"Request:HasHumanApproval\":", StringComparison.Ordinal);
            return item.Chain.Evaluate(item.Question) == item.Chain.Evaluate(question)
                && item.Chain.StatedKeys.SequenceEqual(item.Chain.StatedKeys.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal))
                && (!item.Chain.UsesApproval || used);
        },
        iter: Iterations);

    private static bool IsMoreAllowed(PolicyCase before, PolicyCase after) => !IsAllowed(before) && IsAllowed(after);

    private static bool IsAllowed(PolicyCase item) => item.Judge().StartsWith("ALLOW", StringComparison.Ordinal);

    private static int AnyLink(PolicyCase item, Random random) => random.Next(item.Chain.Links.Length);

    private static string Sorted(string verdict)
    {
        var start = verdict.IndexOf('[', StringComparison.Ordinal);
        var sids = verdict[(start + 1)..^1].Split(", ").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{verdict[..start]}[{string.Join(", ", sids)}]");
    }

    private static PolicyCase WithoutStrings(PolicyCase item, string key)
    {
        JsonValue Drop(JsonValue conditions) => JsonValue.ObjectOf([.. conditions.Members.Select(member => !member.Name.StartsWith("String", StringComparison.Ordinal)
            ? member
            : member with { Value = JsonValue.ObjectOf(member.Value.Members.RemoveAll(operand => operand.Name == key)) })]);
        return Enumerable.Range(0, item.Chain.Links.Length).Aggregate(item, (current, link) => CaseEdit.WithStatements(current, link, statements =>
            statements.Select(statement => CaseEdit.Replace(statement, "conditions", Drop))));
    }
}
