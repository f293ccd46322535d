using ClawPdp.Authoring.Analysis.Differences;
using ClawPdp.Authoring.Analysis.Lint;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;
using CsCheck;

namespace ClawPdp.Authoring.Tests.Analysis;

public sealed class PolicyDifferProperties
{
    private static readonly string[] Tools = ["a", "b", "a/b", "a/b/a", "ab", "x", "a/x"];
    private static readonly string[] Models = ["a", "b", "ab", "x", "a/b"];
    private static readonly string[] Hosts = ["a.b", "b", "a.a.b", "x.example", "10.0.0.1", "10.0.1.1", "[2001:db8::1]", "b:443", "10.0.0.1:80"];
    private static readonly string?[] Values = [null, "a", "ab", "b", "1", "2.5", "7", "true", "TRUE", "10.0.0.1", ""];

    private static readonly Gen<string> Conditions = Gen.OneOf(
        Gen.Select(Pick("StringEquals", "StringNotEquals"), Pick("Caller:A", "Tool:Name", "Model:Name", "Model:Provider", "Agent:DID"), Pick("a", "ab", "b"), Write),
        Gen.Select(Pick("StringLike", "StringNotLike"), Pick("Caller:B", "Tool:Name", "Model:Name"), Pick("a*", "*b", "?", "a/**", "**/b"), Write),
        Gen.Select(Pick("NumericEquals", "NumericLessThan", "NumericGreaterThan"), Pick("Caller:A", "Context:Hour", "Context:DayOfWeek"), Pick("1", "3", "5"), Write),
        Gen.Select(Pick("NumericEquals", "NumericLessThan"), Gen.Const("SideEffect:TargetPort"), Pick("80", "443"), Write),
        Gen.Select(Gen.Const("Bool"), Pick("Caller:A", "Request:HasHumanApproval"), Pick("true", "false"), Write),
        Gen.Select(Gen.Const("IpAddress"), Pick("SideEffect:TargetDomain", "Caller:A"), Pick("10.0.0.0/24", "10.0.0.0/8", "2001:db8::/32", "10.0.0.1"), Write),
        Gen.Select(Pick("StringEquals", "StringNotEquals"), Gen.Const("SideEffect:TargetDomain"), Pick("a.b", "b", "10.0.0.1"), Write));

    private static readonly Gen<string> Statements = Gen.Select(
        Pick("Allow", "Allow", "Deny"),
        Gen.OneOf(
            Gen.Select(Pick("tool:execute", "*", "model:invoke"), Pick("*", "**", "a", "a/*", "a/**", "**/b", "?", "a*", "*.b"), static (action, resource) => (Action: action, Resource: resource)),
            Gen.Select(Gen.Const("side_effect:network_egress"), Pick("*", "a.b", "*.a.b", "10.0.0.1", "b"), static (action, resource) => (Action: action, Resource: resource))),
        Conditions.Array[0, 2],
        static (effect, target, conditions) => PolicyText.Statement(effect, "SID", target.Action, target.Resource, string.Join(',', conditions.DistinctBy(static condition => condition[..condition.IndexOf(':', StringComparison.Ordinal)]))));

    private static readonly Gen<PolicyChain> Chains = Statements.Array[1, 4].Select(static texts => PolicyText.Chain([.. texts.Select(static (text, index) => text.Replace("SID", $"S{index}", StringComparison.Ordinal))]));

    private static readonly Gen<PolicyQuestion> Questions = Gen.Select(
        Pick<string?>([null, null, .. Tools]),
        Pick<string?>([null, null, .. Models]),
        Pick<string?>([null, null, .. Hosts]),
        Gen.Select(Pick(Values), Pick(Values), Pick("a", "ab", "b", "z"), Pick<string?>(null, "a", "b", "q")),
        Gen.Int[0, (7 * 24) - 1],
        Gen.Bool,
        Ask);

    [Fact]
    public void Compare_RandomPolicies_MissesNoChangeAndInventsNone() =>
        Gen.Select(Chains, Chains, Questions.Array[150]).Sample(
            static (before, after, questions) =>
            {
                var difference = PolicyDiffer.Compare(before, after);

                Assert.All(difference.Changes, change => PolicyDifferTests.AssertDiffers(before, after, change));
                if (!difference.Incomplete.IsEmpty)
                {
                    return;
                }

                foreach (var question in questions.Where(static question => question.Tool is not null || question.Model is not null || question.Host is not null))
                {
                    var (old, now) = (before.Evaluate(question).IsAllowed, after.Evaluate(question).IsAllowed);
                    Assert.True(old == now || difference.Changes.Any(change => Goes(change, old, question.HasHumanApproval)), $"{question} goes from {old} to {now}");
                }
            },
            iter: 300);

    [Fact]
    public void Check_StatementThatIsSaidToChangeNothing_ChangesNothing() =>
        Gen.Select(Statements.Array[2, 5], Questions.Array[150]).Sample(
            static (texts, questions) =>
            {
                var statements = texts.Select(static (text, index) => text.Replace("SID", $"S{index}", StringComparison.Ordinal)).ToArray();
                var whole = PolicyText.Chain(statements);

                foreach (var finding in PolicyLint.Check(whole).Where(static finding => finding.Code is LintCodes.RedundantStatement or LintCodes.UnreachableStatement or LintCodes.ShadowedAllow))
                {
                    var without = PolicyText.Chain([.. statements.Where(text => !text.Contains($"\"{finding.Sid}\"", StringComparison.Ordinal))]);
                    Assert.All(questions, question => Assert.Equal(whole.Evaluate(question).IsAllowed, without.Evaluate(question).IsAllowed));
                }
            },
            iter: 200);

    private static Gen<T> Pick<T>(params T[] items) => Gen.Int[0, items.Length - 1].Select(index => items[index]);

    private static bool Goes(PolicyChange change, bool wasAllowed, bool isApproved) =>
        Allows(change.Before.Verdict, isApproved) == wasAllowed && Allows(change.After.Verdict, isApproved) != wasAllowed;

    private static bool Allows(Verdict verdict, bool isApproved) => verdict switch
    {
        Verdict.Allow => true,
        Verdict.NeedsApproval => isApproved,
        Verdict.AllowUnlessApproved => !isApproved,
        _ => false,
    };

    private static string Write(string operation, string key, string value) => $"\"{operation}\":{{\"{key}\":\"{value}\"}}";

    private static PolicyQuestion Ask(string? tool, string? model, string? host, (string? A, string? B, string Agent, string? Provider) stated, int hours, bool isApproved)
    {
        _ = ToolName.TryParse(tool, out var parsedTool);
        _ = ModelName.TryParse(model, out var parsedModel);
        _ = HostName.TryParse(host, out var parsedHost);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in new[] { ("Caller:A", stated.A), ("Caller:B", stated.B) })
        {
            if (value is not null)
            {
                values.Add(key, value);
            }
        }

        return new PolicyQuestion
        {
            Tool = parsedTool,
            Model = parsedModel,
            Host = parsedHost,
            Provider = stated.Provider,
            AgentDid = stated.Agent,
            At = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hours),
            HasHumanApproval = isApproved,
            Stated = values,
        };
    }
}
