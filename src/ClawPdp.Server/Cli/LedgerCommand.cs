using System.Collections.Immutable;
using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Maintenance;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp ledger check|export|backup|restore|prune</c>: the operator's side of the ledger (docs/ledger.md).</summary>
internal static class LedgerCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("ledger", "Check, export, back up, restore and prune the ledger")
    {
        LedgerCheckCommand.Create(),
        LedgerExportCommand.Create(),
        LedgerBackupCommand.Create(),
        LedgerRestoreCommand.Create(),
        LedgerPruneCommand.Create(),
    };

    /// <summary>Makes the argument for the data directory.</summary>
    public static Argument<string> Data() => new("DATA") { Description = "the data directory of the installation" };

    /// <summary>Makes the option for the keys of the log.</summary>
    public static Option<string[]> Trust() => new("--trust")
    {
        Description = "a did:key of the log; may be repeated; the log keys in DATA/keys when absent",
        HelpName = "DID",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Gives the data directory as a full path.</summary>
    /// <exception cref="InputException">It is not there, or has no ledger.</exception>
    public static string Require(string? folder)
    {
        var path = Path.GetFullPath(Input.RequireFolder(folder ?? ""));
        return LedgerReader.IsLedger(path) ? path : throw new InputException($"{path}: no ledger in this folder");
    }

    /// <summary>Gives the steps of a check as JSON.</summary>
    public static JsonValue Json(ImmutableArray<LedgerCheckStep> steps) => JsonValue.ArrayOf([.. steps.Select(static step => new JsonObjectBuilder()
        .Add("name", step.Name)
        .Add("passed", JsonValue.Of(step.Passed))
        .Add("detail", step.Detail)
        .Build())]);

    /// <summary>Prints the steps of a check, a line each.</summary>
    public static void Print(ImmutableArray<LedgerCheckStep> steps)
    {
        foreach (var step in steps)
        {
            Output.Coloured($"{(step.Passed ? "ok  " : "FAIL")} {step.Name}: {step.Detail}", step.Passed ? "green" : "red");
        }
    }

    /// <summary>Prints the verdict on a check.</summary>
    public static int Verdict(ImmutableArray<LedgerCheckStep> steps, string good, string bad)
    {
        var holds = WholeCheck.Holds(steps);
        Output.Coloured(holds ? good : bad, holds ? "green" : "red");
        return holds ? ExitCodes.Ok : ExitCodes.BadVerdict;
    }
}
