using System.CommandLine;
using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Server.Maintenance;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp ledger backup</c>: a checked copy of ledger and log, beside a running sidecar.</summary>
internal static class LedgerBackupCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = LedgerCommand.Data();
        var folder = new Option<string>("--to") { Description = "the folder for the backup; made where there is none, and refused unless it is empty", HelpName = "FOLDER", Required = true };
        var trust = LedgerCommand.Trust();
        var full = new Option<bool>("--full") { Description = "check every record and log entry of the copy, not the newest alone" };
        var json = CommonOptions.Json();
        var command = new Command("backup", "Copy the ledger and the log, beside a running sidecar; private keys are not copied") { data, folder, trust, full, json };
        command.SetAction((parsed, cancellation) =>
        {
            var path = LedgerCommand.Require(parsed.GetValue(data));
            var backup = new LedgerBackup(path, Path.GetFullPath(parsed.GetValue(folder) ?? ""), LogTrust.Of(parsed.GetValue(trust), path), TimeProvider.System);
            return BackUpAsync(backup, parsed.GetValue(full), parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static async Task<int> BackUpAsync(LedgerBackup backup, bool isFull, bool isJson, CancellationToken cancellation)
    {
        var (made, steps) = backup.Run(isFull, cancellation);
        if (made is null)
        {
            LedgerCommand.Print(steps);
            return LedgerCommand.Verdict(steps, "", "the copy does not hold: this is no backup");
        }

        if (isJson)
        {
            Output.Json(made.ToJson());
        }
        else
        {
            LedgerCommand.Print(steps);
            Output.Pairs(
            [
                ("last record", string.Create(CultureInfo.InvariantCulture, $"{made.Head.Sequence}{(made.LastRecordAt is { } at ? ", of " + Rfc3339.Format(at) : "")}")),
                ("ledger", string.Create(CultureInfo.InvariantCulture, $"{made.Ledger.SizeBytes} bytes")),
                ("log", made.Log is { } log ? string.Create(CultureInfo.InvariantCulture, $"{made.LogHead?.Size} entries, {log.Count} files, {log.SizeBytes} bytes") : "nothing was published yet"),
            ]);
        }

        await Output.NoteAsync("private keys (DATA/keys, DATA/agents) are not in the backup: keep them on their own");
        return ExitCodes.Ok;
    }
}
