using System.CommandLine;
using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Maintenance;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp ledger restore</c>: puts a checked backup in place where no ledger is.</summary>
internal static class LedgerRestoreCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "the folder of the backup", HelpName = "FOLDER", Required = true };
        var to = new Option<string>("--to") { Description = "the data directory; one that has a ledger is refused", HelpName = "DATA", Required = true };
        var trust = LedgerCommand.Trust();
        var command = new Command("restore", "Check a backup, every record of it, and put it in place where no ledger is") { from, to, trust };
        command.SetAction((parsed, cancellation) =>
        {
            var data = Path.GetFullPath(parsed.GetValue(to) ?? "");
            return RestoreAsync(Path.GetFullPath(Input.RequireFolder(parsed.GetValue(from) ?? "")), data, parsed.GetValue(trust), cancellation);
        });
        return command;
    }

    private static async Task<int> RestoreAsync(string backup, string data, string[]? trust, CancellationToken cancellation)
    {
        var manifest = BackupManifest.Read(backup);
        var trusted = LogTrust.Of(trust, data);
        using var place = LedgerPlace.Take(data);
        var restore = new LedgerRestore(backup, data);
        var steps = restore.Check(manifest, trusted, cancellation);
        LedgerCommand.Print(steps);
        if (!WholeCheck.Holds(steps))
        {
            return LedgerCommand.Verdict(steps, "", "the backup does not hold: nothing was restored");
        }

        restore.Run(manifest, place);
        var until = manifest.LastRecordAt ?? manifest.CreatedAt;
        Output.Coloured(string.Create(CultureInfo.InvariantCulture, $"restored up to record {manifest.Head.Sequence}, of {Rfc3339.Format(until)}"), "green");
        await Output.NoteAsync($"whatever was acknowledged after {Rfc3339.Format(until)} is gone, revocations among it: once the sidecar runs, revoke every token that was issued before now (docs/ledger.md)");
        return ExitCodes.Ok;
    }
}
