using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Transparency;

namespace ClawPdp.Server.Maintenance;

/// <summary>Writes records as JSON Lines: each as it is kept, so that its hash can be computed again from the line.</summary>
internal sealed class LedgerExport
{
    private readonly LedgerSnapshot _ledger;
    private readonly Stream _output;

    public LedgerExport(LedgerSnapshot ledger, Stream output)
    {
        _ledger = ledger;
        _output = output;
    }

    /// <summary>Gives the names of all kinds.</summary>
    public static FrozenDictionary<string, RecordKind> Kinds { get; } = Enum.GetValues<RecordKind>()
        .Where(static kind => kind != RecordKind.Unspecified)
        .ToFrozenDictionary(LogEntries.NameOf, static kind => kind, StringComparer.Ordinal);

    /// <summary>Writes what there is between two sequences and gives how many records that were; a pruned stretch is one line.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="last">The last sequence; what is behind the end of the ledger is not asked for.</param>
    /// <param name="kinds">Which kinds; empty for all.</param>
    /// <param name="cancellation">Ends the writing.</param>
    /// <exception cref="LedgerException">The ledger cannot be read, or a record is damaged.</exception>
    public long Write(long first, long last, FrozenSet<RecordKind> kinds, CancellationToken cancellation)
    {
        var end = Math.Min(last, _ledger.Head.Sequence);
        var (count, pruned) = (0L, first);
        foreach (var record in _ledger.Read(first, end).Where(static record => !record.IsPruned))
        {
            cancellation.ThrowIfCancellationRequested();
            WritePruned(pruned, record.Sequence - 1);
            pruned = record.Sequence + 1;
            if (kinds.Count == 0 || kinds.Contains(record.Kind))
            {
                Write(record);
                count++;
            }
        }

        WritePruned(pruned, end);
        return count;
    }

    private void WritePruned(long first, long last)
    {
        if (first > last)
        {
            return;
        }

        if (last > (_ledger.LastPrune?.ThroughSequence ?? 0))
        {
            throw new LedgerException(LedgerFault.Corrupt, string.Create(CultureInfo.InvariantCulture, $"the records {first} to {last} are missing"));
        }

        Write(string.Create(CultureInfo.InvariantCulture, $"{{\"pruned\":{{\"first_sequence\":{first},\"last_sequence\":{last}}}}}\n"));
    }

    private void Write(LedgerRecord record)
    {
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"sequence":{{record.Sequence}},"kind":"{{LogEntries.NameOf(record.Kind)}}","hash_b64u":"{{Base64UrlText.Encode(record.Hash.Span)}}","previous_hash_b64u":"{{Base64UrlText.Encode(record.PreviousHash.Span)}}","""));
        // White space that no record of ours has would end the line.
        if (record.Content.Span.ContainsAny((byte)'\n', (byte)'\r'))
        {
            Write("\"content_base64\":\"" + Convert.ToBase64String(record.Content.Span) + "\"");
        }
        else
        {
            Write("\"content\":");
            _output.Write(record.Content.Span);
        }

        Write("}\n");
    }

    private void Write(string text) => _output.Write(Encoding.UTF8.GetBytes(text));
}
