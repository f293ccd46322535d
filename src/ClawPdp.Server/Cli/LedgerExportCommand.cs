using System.Collections.Frozen;
using System.CommandLine;
using System.Globalization;
using ClawPdp.Files;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Maintenance;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp ledger export</c>: records as JSON Lines.</summary>
internal static class LedgerExportCommand
{
    private const int BufferSize = 1 << 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = LedgerCommand.Data();
        var from = new Option<long>("--from") { Description = "the first record", HelpName = "N", DefaultValueFactory = static _ => 1 }.Within(1, long.MaxValue);
        var to = new Option<long>("--to") { Description = "the last record; the last there is when absent", HelpName = "N", DefaultValueFactory = static _ => long.MaxValue }.Within(1, long.MaxValue);
        var kind = new Option<string[]>("--kind")
        {
            Description = "only records of this kind; may be repeated: " + string.Join(", ", LedgerExport.Kinds.OrderBy(static pair => pair.Value).Select(static pair => pair.Key)),
            HelpName = "KIND",
            AllowMultipleArgumentsPerToken = true,
        };
        var file = new Option<string?>("--out") { Description = "the file to write; it must not exist", HelpName = "FILE" };
        var command = new Command("export", "Write records as JSON Lines, as they were at one moment") { data, from, to, kind, file };
        command.SetAction((parsed, cancellation) => ExportAsync(
            LedgerCommand.Require(parsed.GetValue(data)),
            (parsed.GetValue(from), parsed.GetValue(to)),
            [.. (parsed.GetValue(kind) ?? []).Select(KindOf)],
            parsed.GetValue(file),
            cancellation));
        return command;
    }

    private static RecordKind KindOf(string name) => LedgerExport.Kinds.TryGetValue(name, out var kind) ? kind : throw new InputException($"--kind: there is no kind `{name}`");

    private static async Task<int> ExportAsync(string data, (long First, long Last) range, FrozenSet<RecordKind> kinds, string? file, CancellationToken cancellation)
    {
        using var ledger = LedgerSnapshot.Open(data);
        if (file is null)
        {
            await using var output = new BufferedStream(Console.OpenStandardOutput(), BufferSize);
            _ = new LedgerExport(ledger, output).Write(range.First, range.Last, kinds, cancellation);
            return ExitCodes.Ok;
        }

        var count = WriteFile(ledger, range, kinds, Path.GetFullPath(file), cancellation);
        await Output.NoteAsync(string.Create(CultureInfo.InvariantCulture, $"{count} records of the ledger as it was at record {ledger.Head.Sequence}"));
        return ExitCodes.Ok;
    }

    private static long WriteFile(LedgerSnapshot ledger, (long First, long Last) range, FrozenSet<RecordKind> kinds, string path, CancellationToken cancellation)
    {
        using var stream = new FileStream(
            path,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = BufferSize });
        try
        {
            var count = new LedgerExport(ledger, stream).Write(range.First, range.Last, kinds, cancellation);
            stream.Flush(flushToDisk: true);
            DurableFile.FlushDirectory(Path.GetDirectoryName(path) ?? "/");
            return count;
        }
        catch
        {
            // Half a file would pass for a whole one.
            File.Delete(path);
            throw;
        }
    }
}
