using System.CommandLine;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp log check</c>: proves the transparency log from its files alone, offline.</summary>
internal static class LogCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "the log's folder, such as DATA/log, or a copy of it" };
        var trust = CommonOptions.Trust();
        var against = new Option<string?>("--against")
        {
            Description = "a checkpoint that was kept elsewhere: the log must begin with it",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var check = new Command("check", "Prove that nothing in the log was changed, left out, reordered, cut off or set back") { folder, trust, against, json };
        check.SetAction(parsed =>
        {
            var older = parsed.GetValue(against) is { } file ? System.Text.Encoding.UTF8.GetString(Input.Read(file)) : null;
            var result = LogCheck.Run(Input.RequireFolder(parsed.GetValue(folder) ?? ""), [.. parsed.GetValue(trust) ?? []], older);
            Print(result, parsed.GetValue(json));
            return result.Holds ? ExitCodes.Ok : ExitCodes.BadVerdict;
        });
        return new Command("log", "Work with the transparency log") { check };
    }

    private static void Print(LogCheckResult result, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("holds", JsonValue.Of(result.Holds))
                .AddIfPresent("origin", result.Checkpoint?.Origin)
                .AddIfPresent("size", result.Checkpoint?.Size)
                .AddIfPresent("root_b64u", result.Checkpoint is { } checkpoint ? Base64UrlText.Encode(checkpoint.Root.Span) : null)
                .AddIfPresent("signer_did", result.SignerDid)
                .Add("checks", JsonValue.ArrayOf([.. result.Steps.Select(static step => new JsonObjectBuilder()
                    .Add("name", step.Name)
                    .Add("passed", JsonValue.Of(step.Passed))
                    .Add("detail", step.Detail)
                    .Build())]))
                .Build());
            return;
        }

        foreach (var step in result.Steps)
        {
            Output.Coloured($"{(step.Passed ? "ok  " : "FAIL")} {step.Name}: {step.Detail}", step.Passed ? "green" : "red");
        }

        Output.Coloured(result.Holds ? "the log holds" : "the log does not hold", result.Holds ? "green" : "red");
    }
}
