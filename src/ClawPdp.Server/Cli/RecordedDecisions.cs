using ClawPdp.Audit.Evidence;
using ClawPdp.Authoring.Replay;
using ClawPdp.Authoring.Sources;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Ledger;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Server.Cli;

/// <summary>
/// Decisions that were recorded, from wherever they lie: a data directory, whose sidecar may be running; the evidence of a run; or the
/// contents of decision records as JSON Lines.
/// </summary>
internal sealed class RecordedDecisions
{
    private const int LinesSizeMaxBytes = 512 * 1024 * 1024;

    private readonly Func<RecordKind, IEnumerable<ReadOnlyMemory<byte>>> _contents;

    private RecordedDecisions(Func<RecordKind, IEnumerable<ReadOnlyMemory<byte>>> contents) => _contents = contents;

    /// <summary>Finds out what lies at a path.</summary>
    /// <exception cref="InputException">It is none of these, or cannot be read.</exception>
    public static RecordedDecisions Open(string path)
    {
        if (Directory.Exists(path))
        {
            return LedgerReader.IsLedger(path)
                ? new RecordedDecisions(kind => FromLedger(path, kind))
                : throw new InputException($"{path}: no ledger in this folder");
        }

        var text = Input.Read(path, LinesSizeMaxBytes);
        var firstLine = text.AsSpan(0, text.AsSpan().IndexOf((byte)'\n') is var end && end >= 0 ? end : text.Length);
        if (RecordedDecisionReader.Read(firstLine) is not null)
        {
            return new RecordedDecisions(kind => kind == RecordKind.Decision ? LinesOf(text) : []);
        }

        var evidence = Input.Require(path, EvidenceReader.Read(text));
        return new RecordedDecisions(kind => FromEvidence(evidence, kind));
    }

    /// <summary>Gives the decisions in their order.</summary>
    /// <exception cref="InputException">A record cannot be read.</exception>
    public IEnumerable<RecordedDecision> Decisions() => _contents(RecordKind.Decision).Select(static (content, index) =>
        RecordedDecisionReader.Read(content.Span) ?? throw new InputException($"decision {index + 1}: the record cannot be read"));

    /// <summary>Gives the policies that lie beside the decisions.</summary>
    public IEnumerable<WorkPolicyContract> Policies()
    {
        foreach (var content in _contents(RecordKind.Document))
        {
            if (JsonReader.Parse(content.Span, content.Length).TryGet(out var document)
                && document.FindText("document_type") is DocumentRecord.Policy
                && document.FindText("text") is { } envelope
                && PolicySource.Read("envelope.json", System.Text.Encoding.UTF8.GetBytes(envelope)).TryGet(out var policy))
            {
                yield return policy;
            }
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> FromLedger(string path, RecordKind kind)
    {
        using var reader = LedgerReader.Open(path);
        foreach (var content in reader.ReadContents(kind))
        {
            yield return content;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> FromEvidence(EvidenceFile evidence, RecordKind kind) => evidence.Records
        .Where(record => RecordKinds.NumberOf(record.Kind) == (byte)kind)
        .Select(static record => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(record.Content));

    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(byte[] text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = text.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? text.Length - start : length;
            if (length > 0)
            {
                yield return text.AsMemory(start, length);
            }

            start += length + 1;
        }
    }
}
