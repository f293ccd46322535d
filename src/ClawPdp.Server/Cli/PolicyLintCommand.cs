using System.Collections.Immutable;
using System.CommandLine;
using ClawPdp.Authoring.Analysis.Lint;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy lint</c>: looks a policy over for what its author can hardly have meant.</summary>
internal static class PolicyLintCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the policy, or - for standard input" };
        var with = PolicyInput.With();
        var mapping = new Option<string>("--mapping") { Description = "the scope mapping that is used with the policy", HelpName = "FILE" };
        var strict = new Option<bool>("--strict") { Description = "warnings are errors" };
        var json = CommonOptions.Json();
        var command = new Command("lint", "Find statements and patterns of a policy that cannot be what was meant") { file, with, mapping, strict, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file) ?? "";
            var mappingPath = parsed.GetValue(mapping);
            var chain = PolicyInput.LoadChain(path, parsed.GetValue(with) ?? []);
            var findings = PolicyLint.Check(chain, mappingPath is null ? null : LoadMapping(mappingPath));
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonObjectBuilder()
                    .Add("policy_hash_b64u", chain.Policy.PolicyHash)
                    .Add("findings", JsonValue.ArrayOf([.. findings.Select(ToJson)]))
                    .Build());
            }
            else
            {
                Print(findings, path, mappingPath ?? "");
            }

            var worst = parsed.GetValue(strict) ? LintSeverity.Warning : LintSeverity.Error;
            return findings.Any(finding => finding.Severity >= worst) ? ExitCodes.BadVerdict : ExitCodes.Ok;
        });
        return command;
    }

    private static ScopeMappings LoadMapping(string path) =>
        Input.Require(path, ScopeMappingLoader.Load(Input.Read(path, ScopeMappingLoader.SizeMaxBytes), new ScopeMappingOptions { AllowWildcards = true, AllowControlScopes = true }));

    private static string WordOf(LintSeverity severity) => severity switch
    {
        LintSeverity.Error => "error",
        LintSeverity.Warning => "warning",
        _ => "note",
    };

    private static JsonValue ToJson(LintFinding finding) => new JsonObjectBuilder()
        .Add("code", finding.Code)
        .Add("severity", WordOf(finding.Severity))
        .Add("document", finding.IsOfMapping ? "mapping" : "policy")
        .AddIfPresent("sid", finding.Sid)
        .Add("pointer", finding.Pointer)
        .AddIfPresent("line", finding.Line)
        .Add("message", finding.Message)
        .AddIfPresent("hint", finding.Hint)
        .Build();

    private static void Print(ImmutableArray<LintFinding> findings, string path, string mappingPath)
    {
        foreach (var finding in findings)
        {
            var place = finding.IsOfMapping ? mappingPath : finding.Line is { } line ? $"{path}:{line}" : path;
            var colour = finding.Severity switch
            {
                LintSeverity.Error => "red",
                LintSeverity.Warning => "yellow",
                _ => "grey",
            };
            var sid = finding.Sid is null ? "" : $" `{finding.Sid}`";
            Output.Coloured($"{place}: {WordOf(finding.Severity)} {finding.Code}{sid}: {finding.Message}", colour);
            if (finding.Pointer.Length > 0)
            {
                Output.Line($"    at {finding.Pointer}");
            }

            if (finding.Hint is { } hint)
            {
                Output.Line($"    hint: {hint}");
            }
        }

        Output.Line(findings.IsEmpty ? "no findings" : string.Join(", ", findings.GroupBy(static finding => finding.Severity).OrderByDescending(static group => group.Key).Select(static group => $"{group.Count()} {WordOf(group.Key)}{(group.Count() == 1 ? "" : "s")}")));
    }
}
