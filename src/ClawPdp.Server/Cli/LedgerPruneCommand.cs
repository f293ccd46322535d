using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Maintenance;
using ClawPdp.Server.Transparency;
using ClawPdp.TransparencyLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp ledger prune</c>: removes what is old and nothing needs any more, with the sidecar stopped.</summary>
internal static class LedgerPruneCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = LedgerCommand.Data();
        var before = new Option<string>("--before")
        {
            Description = "remove records made before this day (UTC) or instant, such as 2026-01-31 or 2026-01-31T12:00:00Z",
            HelpName = "DATE",
            Required = true,
        };
        var dry = new Option<bool>("--dry-run") { Description = "say what would be removed, and change nothing" };
        var trust = LedgerCommand.Trust();
        var json = CommonOptions.Json();
        var command = new Command("prune", "Remove old records that nothing needs any more, and give the space back; the sidecar must be stopped") { data, before, dry, trust, json };
        command.SetAction((parsed, cancellation) =>
        {
            var path = LedgerCommand.Require(parsed.GetValue(data));
            return Task.FromResult(Prune(path, InstantOf(parsed.GetValue(before) ?? ""), parsed.GetValue(dry), parsed.GetValue(trust), parsed.GetValue(json), cancellation));
        });
        return command;
    }

    private static DateTimeOffset InstantOf(string text)
    {
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
        {
            return day;
        }

        return Rfc3339.TryParse(text, out var instant) ? instant : throw new InputException($"--before: `{text}` is neither a day such as 2026-01-31 nor an instant such as 2026-01-31T12:00:00Z");
    }

    private static int Prune(string data, DateTimeOffset before, bool isDry, string[]? trust, bool isJson, CancellationToken cancellation)
    {
        using var pruner = LedgerPruner.Open(data, TimeProvider.System, NullLogger.Instance);
        ThrowUnlessAllowed(pruner, before);
        var log = Path.Combine(data, LogOpening.FolderName);
        // What is removed cannot be looked at again, so everything must hold before.
        var steps = WholeCheck.Run(() => LedgerSnapshot.Open(data), log, LogTrust.Of(trust, data), cancellation);
        if (!WholeCheck.Holds(steps))
        {
            LedgerCommand.Print(steps);
            return LedgerCommand.Verdict(steps, "", "the ledger does not hold: nothing was removed");
        }

        var path = Path.Combine(data, LedgerPlace.FileName);
        var sizeBefore = new FileInfo(path).Length;
        var report = Prune(pruner, data, log, before, isDry, cancellation);
        if (!isDry)
        {
            pruner.Compact();
        }

        Print(report, isDry, sizeBefore, new FileInfo(path).Length, isJson);
        return ExitCodes.Ok;
    }

    private static PruneReport Prune(LedgerPruner pruner, string data, string log, DateTimeOffset before, bool isDry, CancellationToken cancellation)
    {
        var head = HeadOf(data);
        return pruner.Prune(
            new PruneRequest
            {
                Before = before,
                PublishedThrough = head?.LastSequence ?? 0,
                Batches = new LogFolder(log).ReadEntries(head?.Size ?? 0).Where(static entry => entry.IsBatch).Select(static entry => (entry.FirstSequence, entry.LastSequence)),
                IsDryRun = isDry,
            },
            cancellation);
    }

    private static void ThrowUnlessAllowed(LedgerPruner pruner, DateTimeOffset before)
    {
        try
        {
            pruner.ThrowUnlessAllowed(before);
        }
        catch (ArgumentException refusal)
        {
            throw new InputException("--before: " + refusal.Message.Split(" (Parameter", 2)[0], refusal);
        }
    }

    private static SignedHead? HeadOf(string data)
    {
        using var ledger = LedgerSnapshot.Open(data);
        return LedgerSignedHeads.Read(ledger.GetMeta(LedgerSignedHeads.Name));
    }

    private static void Print(PruneReport report, bool isDry, long sizeBefore, long sizeAfter, bool isJson)
    {
        if (isJson)
        {
            Output.Json(new JsonObjectBuilder()
                .Add("dry_run", JsonValue.Of(isDry))
                .Add("through_sequence", report.ThroughSequence)
                .Add("prune_sequence", report.PruneSequence)
                .Add("removed", Counts(report.Removed))
                .Add("kept", Counts(report.Kept))
                .Add("open_runs", report.OpenRunCount)
                .Add("removed_content_bytes", report.RemovedBytes)
                .Add("size_before_bytes", sizeBefore)
                .Add("size_after_bytes", sizeAfter)
                .Build());
            return;
        }

        Output.Pairs(
        [
            (isDry ? "would look up to" : "looked up to", string.Create(CultureInfo.InvariantCulture, $"record {report.ThroughSequence}")),
            (isDry ? "would remove" : "removed", Text(report.Removed)),
            (isDry ? "would keep" : "kept", Text(report.Kept)),
            ("open runs", string.Create(CultureInfo.InvariantCulture, $"{report.OpenRunCount}, of which nothing is removed")),
            ("contents", string.Create(CultureInfo.InvariantCulture, $"{report.RemovedBytes} bytes")),
            ("file", isDry ? string.Create(CultureInfo.InvariantCulture, $"{sizeBefore} bytes; pruning may need twice as much free space for a while") : string.Create(CultureInfo.InvariantCulture, $"{sizeBefore} bytes before, {sizeAfter} bytes now")),
        ]);
    }

    private static JsonValue Counts(IEnumerable<KeyValuePair<RecordKind, long>> counts)
    {
        var value = new JsonObjectBuilder();
        foreach (var (kind, count) in counts)
        {
            value.Add(LogEntries.NameOf(kind), count);
        }

        return value.Build();
    }

    private static string Text(ImmutableSortedDictionary<RecordKind, long> counts) => counts.Count == 0
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture, $"{counts.Values.Sum()} records: {string.Join(", ", counts.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {LogEntries.NameOf(pair.Key)}")))}");
}
