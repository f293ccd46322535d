using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Maintenance;
using ClawPdp.Server.Transparency;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp ledger check</c>: everything that can be told from the files, beside a running sidecar or without one.</summary>
internal static class LedgerCheckCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = LedgerCommand.Data();
        var trust = LedgerCommand.Trust();
        var json = CommonOptions.Json();
        var command = new Command("check", "Prove that the ledger is whole, and that it and the transparency log agree") { data, trust, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Check(
            LedgerCommand.Require(parsed.GetValue(data)),
            parsed.GetValue(trust),
            parsed.GetValue(json),
            cancellation)));
        return command;
    }

    private static int Check(string data, string[]? trust, bool isJson, CancellationToken cancellation)
    {
        var steps = WholeCheck.Run(() => LedgerSnapshot.Open(data), Path.Combine(data, LogOpening.FolderName), LogTrust.Of(trust, data), cancellation);
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder().Add("holds", JsonValue.Of(WholeCheck.Holds(steps))).Add("checks", LedgerCommand.Json(steps)).Build());
            return WholeCheck.Holds(steps) ? ExitCodes.Ok : ExitCodes.BadVerdict;
        }

        LedgerCommand.Print(steps);
        return LedgerCommand.Verdict(steps, "the ledger holds", "the ledger does not hold");
    }
}
