using System.Collections.Immutable;
using ClawPdp.Authoring.Testing;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Cli;

/// <summary>Gives a run of policy tests as JSON.</summary>
internal static class PolicyTestJson
{
    public static JsonValue Of(PolicyTestReport report, PolicyTestOptions options) => new JsonObjectBuilder()
        .Add("passed", report.PassedCount)
        .Add("failed", report.FailedCount)
        .Add("files", JsonValue.ArrayOf([.. report.Suites.Select(static item => new JsonObjectBuilder()
            .Add("file", item.Suite.File)
            .Add("cases", JsonValue.ArrayOf([.. item.Results.Select(Of)]))
            .Build())]))
        .Add("faults", JsonValue.ArrayOf([.. report.Faults.Select(PolicyInput.ToJson)]))
        .AddIfPresent("coverage", options.ShowsCoverage ? CoverageOf(report) : null)
        .Build();

    private static JsonValue Of(PolicyTestResult result)
    {
        var expected = result.Case.Expectation;
        return new JsonObjectBuilder()
            .Add("name", result.Case.Name)
            .Add("line", result.Case.Line)
            .Add("policy_hash_b64u", result.Target.Chain.Policy.PolicyHash)
            .Add("passed", JsonValue.Of(result.HasPassed))
            .Add("expected", Answer(expected.Effect, expected.Reason, expected.StatementIds))
            .Add("got", Answer(result.Decision.Effect, result.Decision.Reason, result.Decision.StatementIds))
            .Add("explanation", JsonValue.ArrayOf(result.Explanation))
            .Build();
    }

    private static JsonValue Answer(Effect effect, ReasonCode? reason, ImmutableArray<string>? sids) => new JsonObjectBuilder()
        .Add("effect", effect == Effect.Allow ? "allow" : "deny")
        .AddIfPresent("reason", reason is { } known ? ReasonCatalog.NameOf(known) : null)
        .AddIfPresent("sids", sids is { } ids ? JsonValue.ArrayOf(ids) : null)
        .Build();

    private static JsonValue CoverageOf(PolicyTestReport report) => new JsonObjectBuilder()
        .Add("percent", JsonValue.Of(report.CoveragePercent))
        .Add("statements", report.StatementCount)
        .Add("matched", report.MatchedCount)
        .Add("policies", JsonValue.ArrayOf([.. report.Coverage.Select(static policy => new JsonObjectBuilder()
            .Add("policy_id", policy.PolicyId)
            .Add("policy_hash_b64u", policy.PolicyHash)
            .Add("only_evaluated", SidsOf(policy, StatementReach.Evaluated))
            .Add("never_evaluated", SidsOf(policy, StatementReach.Never))
            .Build())]))
        .Build();

    private static JsonValue SidsOf(PolicyCoverage policy, StatementReach reach) =>
        JsonValue.ArrayOf(policy.Statements.Where(statement => statement.Reach == reach).Select(static statement => statement.Sid));
}
